/** Node has it wherever setuid is; its type declarations do not. */
type WithInitgroups = NodeJS.Process & { initgroups?(user: string, group: number): void };

/**
 * The UI is never root: once the helper runs, a program that was started through sudo(8) becomes
 * the user who called it (credentials(7)), for good. Files it writes then are that user's. Somebody
 * logged in as root has no other user to become.
 *
 * @returns the user id now in force
 */
export function dropSudo(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const uid = Number(environment.SUDO_UID);
  const gid = Number(environment.SUDO_GID);
  const user = environment.SUDO_USER;
  const sudo = process.geteuid?.() === 0 && uid > 0 && Number.isInteger(gid) && user !== undefined;
  if (sudo) {
    // Groups first: without root neither may be changed any more (initgroups(3), setuid(2)).
    (process as WithInitgroups).initgroups?.(user, gid);
    process.setgid?.(gid);
    process.setuid?.(uid);
  }
  return process.geteuid?.();
}

/** Root by way of sudo(8), and not yet anybody else. */
export function isSudo(environment: NodeJS.ProcessEnv = process.env): boolean {
  return process.geteuid?.() === 0 && Number(environment.SUDO_UID) > 0;
}

/**
 * Does something as the user who typed sudo, and is root again afterwards: for what has to be known of
 * that user's files before a lab needs root (seteuid(2)).
 */
export function asInvoker<Result>(
  action: () => Result,
  environment: NodeJS.ProcessEnv = process.env,
): Result {
  const uid = Number(environment.SUDO_UID);
  const gid = Number(environment.SUDO_GID);
  const root = process.geteuid?.() === 0 && process.getegid?.() === 0;
  if (!root || !(uid > 0) || !Number.isInteger(gid)) return action();
  process.setegid?.(gid);
  process.seteuid?.(uid);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
