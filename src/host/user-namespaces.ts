import { readFileSync } from "node:fs";
import type { Missing } from "./live.ts";

/** Reads a small file; null when it is not there or may not be read. */
export type ReadText = (path: string) => string | null;

/**
 * Why an ordinary user gets no lab here; null when nothing speaks against it. Each of these has
 * been somebody's afternoon: the system call only says EPERM.
 *
 * @param probed whether a user namespace of any use was made by trying; null: not tried
 */
export function userNamespaceTrouble(read: ReadText, probed: boolean | null): Missing | null {
  const setting = (path: string): string | null => read(`/proc/sys/${path}`)?.trim() ?? null;
  if (setting("user/max_user_namespaces") === "0")
    return {
      what: "user namespaces are switched off here (user.max_user_namespaces = 0)",
      fix: "sudo sysctl user.max_user_namespaces=10000",
    };
  if (setting("kernel/unprivileged_userns_clone") === "0")
    return {
      what: "this kernel makes user namespaces for root only (kernel.unprivileged_userns_clone = 0)",
      fix: "sudo sysctl kernel.unprivileged_userns_clone=1",
    };
  if (setting("kernel/apparmor_restrict_unprivileged_userns") === "1")
    return {
      what: "AppArmor takes all capabilities away in a user's namespaces (Ubuntu 23.10 and later)",
      fix: "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    };
  return probed === false ? refused(read) : maskedProc(read);
}

/** Made neither here nor there: a filter or a module says no. */
function refused(read: ReadText): Missing {
  if (/^Seccomp:\s*2$/m.test(read("/proc/self/status") ?? ""))
    return {
      what: "this container's seccomp filter refuses user namespaces",
      fix: "docker run --security-opt seccomp=unconfined --security-opt systempaths=unconfined …",
    };
  const profile = confinement(read);
  if (profile !== null)
    return {
      what: `the AppArmor profile ${profile} keeps user namespaces from this program`,
      fix: `a rule "userns," and capabilities in the profile ${profile}`,
    };
  return {
    what: "the kernel refuses user namespaces to this user",
    fix: "a chroot or a security module forbids them; sudo tsinternals … does without",
  };
}

/** apparmor(7): `unconfined`, or a profile and its mode. */
function confinement(read: ReadText): string | null {
  const label = read("/proc/self/attr/apparmor/current")?.trim() ?? "unconfined";
  return label === "unconfined" ? null : label.replace(/ \(\w+\)$/, "");
}

/**
 * mount_namespaces(7), "mount point locks": proc may be mounted in a user namespace only while one
 * is in sight on which nothing is mounted. binfmt_misc is on an empty directory, which is allowed.
 */
function maskedProc(read: ReadText): Missing | null {
  const targets = (read("/proc/self/mountinfo") ?? "")
    .split("\n")
    .map((line) => line.split(" ")[4]);
  const masks = targets.filter(
    (target) => target?.startsWith("/proc/") && target !== "/proc/sys/fs/binfmt_misc",
  );
  if (masks.length === 0) return null;
  return {
    what: `parts of /proc are hidden here (${masks[0]}), so that no lab can have its own`,
    fix: "docker run --security-opt systempaths=unconfined …",
  };
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
