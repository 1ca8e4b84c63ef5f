import { setTimeout as sleep } from "node:timers/promises";
import type { HelperLine } from "../../../src/sources/helper.ts";
import { has } from "../../chaos/ground.ts";
import type { Mode } from "../../chaos/plan.ts";
import type { Figure } from "../figure.ts";
import { type BenchLab, makePrograms, openBenchLab } from "./bench-lab.ts";

const COUNT = 5000;

/** Programs that live a fifth of a millisecond: how many of them who sees. */
export async function* processFigures(
  command: readonly string[],
  mode: Mode,
): AsyncGenerator<Figure> {
  const lab = await openBenchLab(command, mode);
  try {
    await makePrograms(lab);
    yield await missed(lab, mode);
    for (const hertz of [20, 100]) await sayPolling(lab, mode, hertz);
    if (has("strace")) await sayStrace(lab, mode);
  } finally {
    await lab.close();
  }
}

/** Forks, execs and exits that were not told; 0 is all of them. */
async function missed(lab: BenchLab, mode: Mode): Promise<Figure> {
  lab.keep = true;
  const { pid, ended } = await lab.start([
    "/bench/rootfs/spawn",
    "burst",
    `${COUNT}`,
    "/bench/short",
    "true",
  ]);
  const { code } = await ended;
  if (code !== 0) throw new Error(`the burst ended with ${code}`);
  await sleep(200);
  lab.keep = false;
  const born = new Set<unknown>();
  const seen = { "process.fork": 0, "process.exec": 0, "process.exit": 0 };
  let told = 0;
  for (const line of lab.lines) {
    if (line.kind === "process.fork" && line.ppid === pid) born.add(line.pid);
    if (!(line.kind in seen) || !born.has(line.pid)) continue;
    seen[line.kind as keyof typeof seen]++;
    if (line.kind === "process.exec" && Array.isArray(line.argv)) told++;
  }
  const lost = lab.lines.filter(({ kind }: HelperLine) => kind === "process.lost").length;
  lab.lines.length = 0;
  const all = Object.values(seen).reduce((sum, each) => sum + each, 0);
  const parts = Object.entries(seen).map(([kind, each]) => `${kind} ${each}`);
  return {
    name: `${mode}-process-events-missed`,
    value: 3 * COUNT - all,
    atMost: 0,
    detail: `of ${COUNT} programs: ${parts.join(", ")}, with argv ${told}, process.lost ${lost}`,
  };
}

async function sayPolling(lab: BenchLab, mode: Mode, hertz: number): Promise<void> {
  const out = await lab.sh(`mkfifo /bench/end; exec 9<>/bench/end
/bench/rootfs/spawn poll ${hertz} short <&9 & poller=$!
/bench/rootfs/spawn burst ${COUNT} /bench/short true
echo >&9; wait $poller; exec 9>&-; rm /bench/end`);
  const found = Number(/^polled \d+ (\d+)$/m.exec(out)?.[1]);
  console.log(
    `INFO ${mode}: polling /proc at ${hertz} Hz sees ${percent(found)} of ${COUNT} programs`,
  );
}

async function sayStrace(lab: BenchLab, mode: Mode): Promise<void> {
  const out = await lab.sh(`strace -f -q --seccomp-bpf -e trace=execve,exit_group -o /bench/trace \
/bench/rootfs/spawn burst ${COUNT} /bench/short true
grep -c 'execve("/bench/short".* = 0' /bench/trace; grep -c '+++ exited' /bench/trace`);
  const [execs = 0, exits = 0] = out.trim().split("\n").map(Number);
  console.log(
    `INFO ${mode}: strace -f --seccomp-bpf sees ${percent(execs)} of the execs, ${percent(exits - 1)} of the exits`,
  );
}

function percent(count: number): string {
  return `${((100 * count) / COUNT).toFixed(1)} %`;
}
