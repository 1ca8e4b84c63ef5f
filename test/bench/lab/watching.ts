import { setTimeout as sleep } from "node:timers/promises";
import { loadLesson } from "../../../src/commands/load-lesson.ts";
import { has } from "../../chaos/ground.ts";
import { median } from "../compare.ts";
import type { Figure, Outcome } from "../figure.ts";
import { type BenchLab, makePrograms, monotonic, openBenchLab } from "./bench-lab.ts";
import { makeBundle } from "./containers.ts";

const ROUNDS = 150;
const TURN_MILLISECONDS = 400;
/** After it goes on the helper reads what has waited: that belongs to neither. */
const SETTLING = 40e6;

/** What `runc run` pays for being watched: by the helper, and by strace. */
export async function* watchingFigures(command: readonly string[]): AsyncGenerator<Outcome> {
  if (!has("runc")) {
    yield { name: "watched-over-unwatched", reason: "needs runc (apt-get install -y runc)" };
    return;
  }
  const lab = await openBenchLab(command, "root");
  try {
    await makePrograms(lab);
    await makeBundle(lab);
    yield await watchedOverNot(lab);
    if (has("strace")) await sayStrace(lab);
  } finally {
    await lab.close();
  }
}

interface Turn {
  readonly stopped: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * The helper's watching (proc connector, mounts, links): with it, over with the helper stopped
 * (SIGSTOP), in turns within one run. Stopped it reads nothing; that the kernel still queues for it
 * is in both.
 */
async function watchedOverNot(lab: BenchLab): Promise<Figure> {
  const time = `exec /bench/rootfs/spawn time ${ROUNDS} runc runc run --bundle /bench bench-watched`;
  const { ended } = await lab.start(["/bin/sh", "-c", time]);
  let over = false;
  const ran = ended.finally(() => {
    over = true;
  });
  const turns = await takeTurns(lab, () => over);
  const { out } = await ran;
  const rounds = [...out.matchAll(/^runc (\d+) \d+ (\d+)$/gm)].map(([, began, end]) => ({
    from: Number(began),
    to: Number(end),
  }));
  const during = (stopped: boolean): number[] =>
    turns
      .filter((turn) => turn.stopped === stopped)
      .flatMap(({ from, to }) =>
        rounds
          .filter((round) => round.from > from + SETTLING && round.to < to)
          .map((round) => (round.to - round.from) / 1e6),
      );
  const [watched, not] = [during(false), during(true)];
  return {
    name: "watched-over-unwatched",
    value: median(watched) / median(not),
    atMost: 1.15,
    detail: `runc run ${median(watched).toFixed(2)} ms (${watched.length}), helper stopped ${median(not).toFixed(2)} ms (${not.length})`,
  };
}

async function takeTurns(lab: BenchLab, over: () => boolean): Promise<Turn[]> {
  const pid = lab.process.pid as number;
  const turns: Turn[] = [];
  for (let stopped = false; !over() && turns.length < 400; stopped = !stopped) {
    process.kill(pid, stopped ? "SIGSTOP" : "SIGCONT");
    const from = monotonic();
    await sleep(TURN_MILLISECONDS);
    turns.push({ stopped, from, to: monotonic() });
  }
  process.kill(pid, "SIGCONT");
  return turns;
}

/** Not judged: 1.15 is the goal for a tracer of our own. */
async function sayStrace(lab: BenchLab): Promise<void> {
  const { trace } = await loadLesson("cgroups");
  const calls = trace.map((call) => `?${call}`);
  const strace = (options: string): string =>
    `strace -f -q ${options} -e trace=${calls.join(",")} -o /bench/trace -- runc run --bundle /bench bench-strace`;
  const script = `/bench/rootfs/spawn time 25 runc runc run --bundle /bench bench-plain , strace ${strace("")} , bpf ${strace("--seccomp-bpf")}`;
  const out = await lab.sh(script);
  const times = (name: string): number[] =>
    [...out.matchAll(new RegExp(`^${name} (\\d+) \\d+ (\\d+)$`, "gm"))].map(
      ([, began, ended]) => (Number(ended) - Number(began)) / 1e6,
    );
  const plain = median(times("runc"));
  for (const [name, what] of [
    ["strace", "strace -f"],
    ["bpf", "strace -f --seccomp-bpf"],
  ] as const) {
    const traced = median(times(name));
    console.log(
      `INFO ${what} over runc run ${(traced / plain).toFixed(2)} (${traced.toFixed(1)} ms over ${plain.toFixed(1)} ms, ${calls.length} system calls)`,
    );
  }
}
