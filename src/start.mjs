// `npm start`: the built program, or one sentence when there is none yet.
import { existsSync } from "node:fs";

const program = new URL("../dist/tsinternals.mjs", import.meta.url);
if (!existsSync(program)) {
  console.error("tsinternals: this checkout is not built yet\n  try: npm ci");
  process.exit(3);
}
await import(program.href);
