import { execa } from "execa";
import { helperPath, nativeFolder } from "../host/paths.ts";
import { printable } from "../timeline/printable.ts";
import { UserError } from "../user-error.ts";

/** `tsinternals clean`: removes what labs left whose helpers were all killed at once. */
export async function cleanCommand(): Promise<number> {
  const result = await execa(helperPath, ["--reap"], { reject: false, timeout: 30_000 });
  if (result.code === "ENOENT")
    throw new UserError("the native helper is not built", `make -C '${nativeFolder}'`, 3);
  if (result.exitCode !== 0)
    throw new UserError(
      `cleaning failed: ${result.stderr || result.shortMessage}`,
      "run it as root",
      3,
    );
  const removed = result.stdout.split("\n").filter((line) => line !== "");
  for (const line of removed) process.stdout.write(`removed ${describe(line)}\n`);
  if (removed.length === 0) process.stdout.write("nothing was left behind\n");
  return 0;
}

interface Removed {
  readonly what: string;
  readonly path?: string;
  readonly pid?: number;
}

function describe(line: string): string {
  const { what, path, pid } = JSON.parse(line) as Removed;
  return printable(`${what} ${path ?? pid ?? ""}`.trim());
}
