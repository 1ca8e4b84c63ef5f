/** One session with the helper: what was wrong with it, or null. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { SessionInput } from "./session-input.ts";

/** Every session ends within this, whatever was asked. */
const MOST_MILLISECONDS = 20_000;

/** LeakSanitizer and the others say what they find on stderr, and end the process with this. */
const environment = {
  PATH: process.env.PATH,
  ASAN_OPTIONS: "exitcode=99:abort_on_error=0",
  UBSAN_OPTIONS: "print_stacktrace=1",
};

export interface Outcome {
  readonly fault: string | null;
  readonly hung: boolean;
  readonly requests: number;
}

async function write(child: ChildProcess, input: SessionInput): Promise<void> {
  for (const chunk of input.chunks) {
    if (child.exitCode !== null || child.stdin?.destroyed) return;
    if (!child.stdin?.write(chunk))
      await Promise.race([
        new Promise((resolve) => child.stdin?.once("drain", resolve)),
        new Promise((resolve) => child.once("close", resolve)),
        // A helper that nobody reads from stops reading, as it should.
        ...(input.end === "unread" ? [sleep(300)] : []),
      ]);
  }
}

function findWrongLine(text: string, input: SessionInput): string | null {
  const lines = text.split("\n");
  if (lines.pop() !== "" && input.end === "close") return "the last line does not end";
  const answered = new Map<unknown, number>();
  for (const line of lines) {
    let parsed: Record<string, unknown>;
    try {
      parsed = JSON.parse(line) as Record<string, unknown>;
    } catch {
      return `no JSON: ${line.slice(0, 200)}`;
    }
    if (typeof parsed.kind !== "string" || typeof parsed.t !== "number")
      return `no kind or t: ${line}`;
    if (parsed.kind === "ok" || parsed.kind === "error")
      answered.set(parsed.id, (answered.get(parsed.id) ?? 0) + 1);
  }
  for (const [id, count] of answered)
    if (id !== null && count > 1) return `request ${id} was answered ${count} times`;
  const missing = input.mustAnswer ? input.ids.filter((id) => !answered.has(id)) : [];
  return missing.length > 0 ? `no answer to ${missing.join(", ")}` : null;
}

/** `command`: the helper, with whatever it is started through. */
export async function runSession(
  command: readonly string[],
  input: SessionInput,
): Promise<Outcome> {
  const child = spawn(String(command[0]), command.slice(1), { env: environment });
  const out: Buffer[] = [];
  let errors = "";
  let hung = false;
  child.stdin.on("error", () => {});
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const listen = () => child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  if (input.end !== "unread") listen();
  const ended = new Promise<[number | null, string | null]>((resolve) =>
    child.once("close", (code, signal) => resolve([code, signal])),
  );
  const timer = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, MOST_MILLISECONDS);
  await write(child, input);
  if (input.end === "gone") child.stdout.destroy();
  // Before its first line it does not yet hear signals itself.
  while (input.end === "SIGTERM" && out.length === 0 && child.exitCode === null) await sleep(1);
  if (input.end === "SIGTERM") child.kill("SIGTERM");
  child.stdin.end();
  if (input.end === "unread") {
    await sleep(50);
    listen();
  }
  const [code, signal] = await ended;
  clearTimeout(timer);
  const outcome = (fault: string | null): Outcome => ({ fault, hung, requests: input.ids.length });
  if (hung) return outcome(`it did not end within ${MOST_MILLISECONDS} ms`);
  if (errors) return outcome(errors.slice(0, 4000));
  if (signal || code !== 0)
    return outcome(
      `it ended with ${signal ?? code}: ${Buffer.concat(out).toString().trim().split("\n").at(-1)}`,
    );
  return outcome(findWrongLine(Buffer.concat(out).toString(), input));
}
