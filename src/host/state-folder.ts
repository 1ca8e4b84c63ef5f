import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Where what outlives a session is kept (XDG Base Directory Specification, "XDG_STATE_HOME"): the
 * invoking user's also under sudo(8), whose environment may name root's folders. To be asked for after
 * dropSudo(), so that it is made with that user's rights.
 */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { SUDO_UID, XDG_STATE_HOME } = environment;
  if (SUDO_UID !== undefined) return join(userInfo().homedir, ".local/state/tsinternals");
  const given = XDG_STATE_HOME !== undefined && isAbsolute(XDG_STATE_HOME);
  return join(given ? XDG_STATE_HOME : join(homedir(), ".local/state"), "tsinternals");
}

/** The recording of a lesson's last live session. */
export function keptSession(lesson: string): string {
  return join(stateFolder(), "sessions", `${lesson}.ndjson`);
}
