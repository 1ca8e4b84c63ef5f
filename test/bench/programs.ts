import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { spawn as spawnOnPty } from "@lydell/node-pty";
import { packageRoot } from "../../src/host/paths.ts";

/** The program as it is installed: bundled. `npm run build` makes it from what is in src/. */
export const program = `${packageRoot}/dist/tsinternals.mjs`;
export const node = process.execPath;

/** From spawn to exit; what it prints is read and dropped. Rejects unless it exits with 0. */
export function runToEnd(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.resume();
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) resolve(performance.now() - begun);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${signal ?? code}`));
    });
  });
}

/** Milliseconds; a frame that never comes fails instead of being waited for. */
const TOO_LONG = 30_000;

/**
 * Runs Node on a terminal of 120 columns and 40 rows. With `seen`: until that text is on it, then
 * the program is killed; without: until it exits.
 */
export function runOnTerminal(args: readonly string[], seen: string | null): Promise<number> {
  // CI=1 makes Ink and others print for a log instead of for a terminal.
  const { CI: _, ...env } = process.env;
  const begun = performance.now();
  const pty = spawnOnPty(node, [...args], { cols: 120, rows: 40, name: "xterm-256color", env });
  let text = "";
  let took: number | null = null;
  pty.onData((chunk) => {
    if (seen === null || took !== null) return;
    text += chunk;
    if (!text.includes(seen)) return;
    took = performance.now() - begun;
    pty.kill("SIGKILL");
  });
  const tooLong = setTimeout(() => pty.kill("SIGKILL"), TOO_LONG);
  return new Promise((resolve, reject) => {
    pty.onExit(() => {
      clearTimeout(tooLong);
      if (seen === null) resolve(performance.now() - begun);
      else if (took !== null) resolve(took);
      else reject(new Error(`node ${args.join(" ")} never showed ${seen}: ${text.slice(-500)}`));
    });
  });
}
