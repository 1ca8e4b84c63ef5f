/** The helper that the sanitizers watch, and what it is started through. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const native = fileURLToPath(new URL("../../native", import.meta.url));
export const targets = join(native, "build/check/fuzz");
const binary = join(native, "build/check/tsi-lab");

export function build(): void {
  execFileSync("make", ["-s", "-j2", "fuzz"], {
    cwd: native,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/**
 * Root: in a mount namespace with a /run of its own, so that no other lab's journal is in sight.
 * Rootless: as a user who owns nothing.
 */
export function helperCommand(mode: "root" | "rootless", copy = binary): string[] {
  if (mode === "rootless") {
    const user = ["--reuid", "54322", "--regid", "54322", "--clear-groups"];
    return process.getuid?.() === 0 ? ["setpriv", ...user, "--", copy] : [copy];
  }
  const script = `mount -t tmpfs none /run && exec ${JSON.stringify(copy)}`;
  return ["unshare", "--mount", "sh", "-c", script];
}
