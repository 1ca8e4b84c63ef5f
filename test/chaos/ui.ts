/**
 * The UI of an iteration, as the helper sees it: a Node process that holds its stdin and asks for a
 * lab. Commands come on stdin: `go` starts the helper, `end` closes it as `q` on the screen does.
 * Says what it knows on stdout, one word and its value a line.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Helper, type HelperLine, startHelper } from "../../src/sources/helper.ts";

const { CHAOS_COMMAND = "[]", CHAOS_UP = "{}", CHAOS_ENV = "[]" } = process.env;
const load = readFileSync(new URL("load.sh", import.meta.url), "utf8");
let started = false;
let helper: Helper | null = null;
let ending = false;

process.stdout.on("error", () => {});
createInterface(process.stdin).on("line", (line) => void obey(line));
process.stdin.on("end", () => void obey("end"));
say("warm", "");

async function obey(line: string): Promise<void> {
  try {
    if (line === "go") await go();
    else await end();
  } catch (error) {
    // What the helper refuses because it is being killed is no news; a lab that cannot be is.
    say("trouble", error instanceof Error ? error.message : String(error));
    await end();
    process.exit(1);
  }
}

async function go(): Promise<void> {
  started = true;
  helper = await startHelper(JSON.parse(CHAOS_COMMAND) as [string, ...string[]]);
  if (ending) return end();
  const gone = follow(helper);
  await helper.request("up", JSON.parse(CHAOS_UP) as Record<string, unknown>);
  say("up", "");
  const argv = ["/bin/sh", "-c", load];
  await helper.request("run", { run: 1, argv, env: JSON.parse(CHAOS_ENV) });
  await gone;
  process.exit(0);
}

async function follow(lines: Helper): Promise<void> {
  for await (const line of lines.events()) tell(line);
}

function tell(line: HelperLine): void {
  if (line.kind === "output" && line.stream === "out")
    for (const word of String(line.text).matchAll(/^up (\w+)$/gm)) say("load", word[1] as string);
  if (line.kind === "diagnostic") say("diagnostic", String(line.message));
}

async function end(): Promise<void> {
  ending = true;
  await helper?.close();
  if (helper !== null || !started) process.exit(0);
}

function say(word: string, value: string): void {
  process.stdout.write(`${word} ${value.replaceAll("\n", " ")}\n`);
}
