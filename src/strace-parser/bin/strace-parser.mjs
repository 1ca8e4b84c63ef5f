#!/usr/bin/env node
// npm links this file when it installs, before anything is built: it only needs to be there.
import { createReadStream, existsSync, writeSync } from "node:fs";

const built = new URL("../dist/cli.js", import.meta.url);
if (existsSync(built)) {
  process.stdout.on("error", leaveQuietly);
  const { run } = await import(built.href);
  process.exitCode = await run(process.argv.slice(2), {
    read: (file) =>
      file === "-" ? process.stdin : createReadStream(file, { highWaterMark: 1 << 20 }),
    print,
    complain: (text) => process.stderr.write(text),
  });
} else {
  console.error("strace-parser: not built yet\n  try: npm run build");
  process.exitCode = 2;
}

/** Resolves when the pipe has room again. */
function print(text) {
  return new Promise((done) => process.stdout.write(text, () => done()));
}

/** Whoever reads has seen enough (`| head`): that is no error. */
function leaveQuietly(error) {
  if (error.code === "EPIPE") process.exit(0);
  writeSync(2, `strace-parser: cannot write: ${error.message}\n`);
  process.exit(2);
}
