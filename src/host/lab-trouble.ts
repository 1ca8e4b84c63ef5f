import type { Missing } from "./live.ts";
import type { ReadText } from "./user-namespaces.ts";

/** What clone(2) is asked for when a lab is made (native/README.md), by the names in /proc/PID/ns. */
const NAMESPACES = ["cgroup", "ipc", "mnt", "net", "pid", "uts"];
/** The bit of CAP_SYS_ADMIN in the masks of /proc/PID/status (capabilities(7)). */
const SYS_ADMIN = 1n << 21n;
/** The first user namespace maps every user to itself (user_namespaces(7)). */
const ALL_USERS = /^\s*0\s+0\s+4294967295$/m;

/**
 * Why nobody gets a lab here, or this root none; null when nothing speaks against it. uid 0 alone
 * says little: a container's root has it, and neither the right to mount nor to make devices.
 *
 * @param namespaces the names in /proc/self/ns
 */
export function labTrouble(
  root: boolean,
  namespaces: readonly string[],
  read: ReadText,
): Missing | null {
  const absent = NAMESPACES.filter((name) => !namespaces.includes(name));
  if (absent.length > 0)
    return {
      what: `this kernel has no ${absent.join(", ")} namespaces, which every lab is made of`,
      fix: "use a kernel that has them (with WSL: version 2, wsl --update)",
    };
  if (!root) return null;
  if (!ALL_USERS.test(read("/proc/self/uid_map") ?? ""))
    return {
      what: "this root is one of a user namespace (a rootless container, unshare -r), not the host's",
      fix: "run it on the host itself, where a user needs no root for most lessons",
    };
  const [, mask] = /^CapEff:\s*([0-9a-f]+)$/m.exec(read("/proc/self/status") ?? "") ?? [];
  if (mask === undefined || (BigInt(`0x${mask}`) & SYS_ADMIN) !== 0n) return null;
  return {
    what: "this is a container's root, without CAP_SYS_ADMIN, and can make no lab",
    fix: "run it on the host itself, or: docker run --privileged …",
  };
}
