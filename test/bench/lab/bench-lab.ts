import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { helperPath } from "../../../src/host/paths.ts";
import type { HelperLine } from "../../../src/sources/helper.ts";
import { asUser, POOR, rootCommand } from "../../chaos/ground.ts";
import type { Mode } from "../../chaos/plan.ts";

/** What a run wrote and how it ended. */
export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

/** A lab with as little as can be between it and the clock: lines out, lines in. */
export interface BenchLab {
  readonly process: ChildProcess;
  /** CLOCK_MONOTONIC nanoseconds: before the helper was spawned, and when `lab.ready` was here. */
  readonly spawned: number;
  readonly ready: number;
  /** All so far, when `keep` is on. */
  readonly lines: HelperLine[];
  keep: boolean;
  start(argv: readonly string[]): Promise<{ readonly pid: number; readonly ended: Promise<Ran> }>;
  run(argv: readonly string[]): Promise<Ran>;
  /** With sh(1); a failure throws with what it said. */
  sh(script: string): Promise<string>;
  /** Closes the helper's stdin; resolves when it is gone. */
  close(): Promise<void>;
}

export function monotonic(): number {
  return Number(process.hrtime.bigint());
}

/** The helper's argv in each mode; `remove` at the end. A user may not reach this project's folder. */
export function findCommands(): {
  readonly root: readonly string[];
  readonly rootless: readonly string[];
  remove(): void;
} {
  const folder = mkdtempSync(join(tmpdir(), "tsi-bench-"));
  chmodSync(folder, 0o755);
  const copy = join(folder, "tsi-lab");
  copyFileSync(helperPath, copy);
  chmodSync(copy, 0o755);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { root: rootCommand(), rootless: [...asUser(POOR), copy], remove };
}

export async function openBenchLab(command: readonly string[], mode: Mode): Promise<BenchLab> {
  const waiting = new Set<(line: HelperLine) => void>();
  const lines: HelperLine[] = [];
  const spawned = monotonic();
  const [program = "", ...args] = command;
  const helper = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ask = (request: Record<string, unknown>) =>
    helper.stdin.write(`${JSON.stringify(request)}\n`);
  const gone = new Promise<void>((resolve) => helper.once("close", () => resolve()));
  const lab: { keep: boolean } = { keep: false };
  createInterface(helper.stdout).on("line", (text) => {
    const line = JSON.parse(text) as HelperLine;
    if (lab.keep) lines.push(line);
    for (const look of [...waiting]) look(line);
  });
  const wait = (wanted: (line: HelperLine) => boolean): Promise<HelperLine> =>
    new Promise((resolve, reject) => {
      const look = (line: HelperLine): void => {
        if (line.kind === "error") reject(new Error(String(line.message)));
        else if (!wanted(line)) return;
        else resolve(line);
        waiting.delete(look);
      };
      waiting.add(look);
      void gone.then(() => reject(new Error("the helper ended")));
    });
  // What it will be asked is there when it looks for the first time.
  ask({ op: "up", id: 0, name: `bench-${process.pid}`, mode });
  await wait((line) => line.kind === "lab.ready");
  const ready = monotonic();
  let run = 0;
  const start = async (argv: readonly string[]) => {
    const id = ++run;
    const ran = { out: "", err: "" };
    const collect = (line: HelperLine): void => {
      if (line.kind === "output" && line.run === id)
        ran[line.stream === "err" ? "err" : "out"] += String(line.text ?? "");
    };
    waiting.add(collect);
    const ended = wait((line) => line.kind === "run.exit" && line.run === id).then((exit) => {
      waiting.delete(collect);
      return { ...ran, code: typeof exit.code === "number" ? exit.code : null };
    });
    const answered = wait((line) => line.kind === "ok" && line.id === id);
    ask({ op: "run", id, run: id, argv, env: ENVIRONMENT });
    return { pid: Number((await answered).pid), ended };
  };
  const runToEnd = async (argv: readonly string[]): Promise<Ran> => (await start(argv)).ended;
  return Object.assign(lab, {
    process: helper,
    spawned,
    ready,
    lines,
    start,
    run: runToEnd,
    async sh(script: string) {
      const { out, err, code } = await runToEnd(["/bin/sh", "-ec", script]);
      if (code !== 0) throw new Error(`in the lab: ${err || out} (${code})`);
      return out;
    },
    async close() {
      helper.stdin.end();
      await gone;
    },
  });
}

const ENVIRONMENT = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/tsi/bin",
  "HOME=/root",
];

/** Compiles spawn.c in the lab, to /bench/rootfs/spawn and, under the name it is polled by, /bench/short. */
export async function makePrograms(lab: BenchLab): Promise<void> {
  const source = readFileSync(new URL("spawn.c", import.meta.url), "utf8");
  await lab.sh(`mkdir -p /bench/rootfs/proc /bench/rootfs/sys /bench/rootfs/dev && cd /bench
cat > spawn.c <<'END OF SOURCE'
${source}
END OF SOURCE
cc -O2 -static -D_GNU_SOURCE -o rootfs/spawn spawn.c && cp rootfs/spawn short`);
}
