import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { UserError } from "../user-error.ts";

/**
 * Where what outlives a session is kept (XDG Base Directory Specification, "XDG_STATE_HOME"): the
 * invoking user's also under sudo(8), whose environment may name root's folders. To be asked for after
 * dropSudo(), so that it is made with that user's rights.
 *
 * @throws UserError where the user has no home (containers run with any user id)
 */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { SUDO_UID, XDG_STATE_HOME } = environment;
  const sudo = SUDO_UID !== undefined;
  if (!sudo && XDG_STATE_HOME !== undefined && isAbsolute(XDG_STATE_HOME))
    return join(XDG_STATE_HOME, "tsinternals");
  return join(sudo ? home(() => userInfo().homedir) : home(homedir), ".local/state/tsinternals");
}

function home(find: () => string): string {
  try {
    return find();
  } catch {
    throw new UserError("this user has no home folder", "set XDG_STATE_HOME to a folder of theirs");
  }
}

/** The recording of a lesson's last live session. */
export function keptSession(lesson: string): string {
  return join(stateFolder(), "sessions", `${lesson}.ndjson`);
}
