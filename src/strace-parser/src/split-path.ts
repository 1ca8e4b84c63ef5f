import { unescapeText } from "./decode-string.ts";

export interface FdPath {
  readonly fd: number | "AT_FDCWD";
  /** Unescaped. For what is no file, strace's own word: `pipe:[9604]`, `TCP:[127.0.0.1:80->…]`. */
  readonly path: string;
  /** The file had been unlinked. */
  readonly deleted: boolean;
}

/**
 * A descriptor printed with -y or -yy, as argument or result: `3</sys/fs/cgroup/x>`.
 * Null when the text is not of this form. `<char 1:3>` behind a device's path is left out.
 */
export function splitPath(printed: string): FdPath | null {
  const match = /^(\d+|AT_FDCWD)<(.*)>(\(deleted\))?$/s.exec(printed);
  if (match === null) return null;
  const fd = match[1] === "AT_FDCWD" ? match[1] : Number(match[1]);
  const inner = (match[2] ?? "").replace(/<(?:char|block) [^<>]*>$/, "");
  // strace before 5.19 puts the mark inside.
  const old = inner.startsWith("/") && inner.endsWith(" (deleted)");
  const path = unescapeText(old ? inner.slice(0, -" (deleted)".length) : inner);
  return { fd, path, deleted: old || match[3] !== undefined };
}
