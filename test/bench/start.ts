import { type Contender, compare } from "./compare.ts";
import type { Outcome } from "./figure.ts";
import { buildHello, HELLO } from "./ink-hello.ts";
import { node, program, runOnTerminal, runToEnd } from "./programs.ts";

const LESSON = [program, "lesson", "cgroups", "--replay"];
const firstFrame: Contender = {
  name: "lesson cgroups --replay to its first whole frame",
  time: () => runOnTerminal(LESSON, "REPLAY"),
};

/** How soon a lesson is to be seen, over how soon Node itself has come and gone. */
export async function* firstFrames(): AsyncGenerator<Outcome> {
  const how = { rounds: 15, warmUp: 1 } as const;
  const baseline = { name: "node -e 0", time: () => runOnTerminal(["-e", "0"], null) };
  yield await compare({
    ...{ ...how, baseline, atMost: 2 },
    name: "first-paint-over-node",
    ours: {
      name: "lesson cgroups --replay to it",
      time: () => runOnTerminal(LESSON, "one moment"),
    },
  });
  yield await compare({
    ...{ ...how, baseline, atMost: 6 },
    name: "first-frame-over-node",
    ours: firstFrame,
  });
}

/** How soon something is to be seen. */
export async function* startFigures(): AsyncGenerator<Outcome> {
  yield* firstFrames();
  yield* overHello();
  yield await compare({
    name: "list-over-node",
    // 5.4 (105 ms) while every lesson was parsed.
    atMost: 7,
    rounds: 15,
    warmUp: 1,
    ours: { name: "list", time: () => runToEnd(node, [program, "list"]) },
    baseline: { name: "node -e 0", time: () => runToEnd(node, ["-e", "0"]) },
  });
}

/** What of the first frame is ours: the rest is Node, React, Ink and its layout engine. */
async function* overHello(): AsyncGenerator<Outcome> {
  const hello = await buildHello();
  try {
    yield await compare({
      name: "first-frame-over-ink-hello",
      // 2.5 to 3.2 while Ink drew it; now the frame does not wait for Ink.
      atMost: 2.5,
      rounds: 12,
      warmUp: 1,
      ours: firstFrame,
      baseline: { name: "Ink's hello world", time: () => runOnTerminal([hello.file], HELLO) },
    });
  } finally {
    hello.remove();
  }
}
