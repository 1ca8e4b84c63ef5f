import { setTimeout as sleep } from "node:timers/promises";
import { createClock } from "../../src/sources/clock.ts";
import { type Lab, openLab } from "../../src/sources/lab.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";
import { compare, timed } from "./compare.ts";
import type { Outcome } from "./figure.ts";
import type { LabHere } from "./lab-here.ts";
import { runToEnd } from "./programs.ts";

/** Nothing but fork, exec and exit: what watching costs most. */
const FIFTY = ["/bin/sh", "-c", "i=0; while [ $i -lt 50 ]; do /bin/true; i=$((i+1)); done"];

/** What a command pays for being watched, with all that a session does with what is seen. */
export async function* watchingFigures(here: LabHere): AsyncGenerator<Outcome> {
  const clock = createClock();
  const lab = await openLab({ command: here.command, clock, mode: "root", name: "bench-watch" });
  const timeline = createTimeline();
  const pumped = (async () => {
    for await (const events of lab.events()) timeline.append(events);
  })();
  const inLab = { name: "50 × true in the lab", time: () => fiftyIn(lab, null) };
  const [program = "", ...args] = FIFTY;
  try {
    yield await compare({
      name: "lab-over-host",
      // 1.2 to 1.4 when this was written: every fork, exec and exit is told and read.
      atMost: 2,
      rounds: 15,
      warmUp: 2,
      ours: inLab,
      baseline: { name: "on the host", time: () => runToEnd(program, args) },
    });
    const name = "strace-over-lab";
    if (here.strace)
      yield await compare({
        name,
        // 1.9 to 3.1 when this was written. Facts: 2.1 for such a set of calls, written to a file.
        atMost: 4,
        rounds: 15,
        warmUp: 2,
        ours: { name: "50 × true under strace", time: () => fiftyIn(lab, here.trace) },
        baseline: inLab,
      });
    else yield { name, reason: "needs strace (apt-get install -y strace)" };
  } finally {
    await lab.close();
    await pumped;
  }
}

let lastRun = 0;

async function fiftyIn(lab: Lab, trace: readonly string[] | null): Promise<number> {
  const took = await timed(async () => {
    const filter = trace === null ? null : { calls: trace, strings: 256 };
    const { exited } = await lab.start(++lastRun, FIFTY, filter);
    const exit = await exited;
    if (exit?.code !== 0) throw new Error(`50 × true ended with ${exit?.signal ?? exit?.code}`);
  });
  // What it left on its way through pipes and timers belongs to nobody's turn.
  await sleep(60);
  return took;
}
