import { statSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { takeScreenEarly } from "./alternate-screen.ts";

/**
 * What is done before the program is loaded, when a lesson is to be taken on a screen: something
 * is seen at once, and V8 finds what it has compiled the last time. Whatever then asks or complains
 * on the plain terminal gives the screen back first.
 */
const [command, id = ""] = process.argv.slice(2);
if (command === "lesson" && /^[\w-]+$/.test(id) && isForScreen()) {
  takeScreenEarly(
    process.stdout,
    `\x1b[1m tsinternals\x1b[0m · ${id}\n\n\x1b[2m one moment…\x1b[0m`,
  );
  cacheCompiled();
}

/** As commands/lesson.ts decides it. */
function isForScreen(): boolean {
  const linear = process.argv.some((word) => ["--plain", "--json", "--help", "-h"].includes(word));
  const { stdin, stdout, env } = process;
  return stdout.isTTY && stdin.isTTY && env.TERM !== "dumb" && !linear;
}

/**
 * In the user's own cache, never in /tmp: who can write it decides what we execute. Under sudo HOME
 * may be somebody else's.
 */
function cacheCompiled(): void {
  const { HOME: home = "", XDG_CACHE_HOME: cache = `${home}/.cache` } = process.env;
  try {
    if (statSync(home).uid === process.getuid?.())
      enableCompileCache(`${cache}/tsinternals/compiled`);
  } catch {
    // Without a home there is no cache.
  }
}
