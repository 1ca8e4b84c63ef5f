import { type Contender, compare } from "./compare.ts";
import type { Outcome } from "./figure.ts";
import { buildHello, HELLO } from "./ink-hello.ts";
import { node, program, runOnTerminal, runToEnd } from "./programs.ts";

/** How soon something is to be seen, over how soon Node itself is there. */
export async function* startFigures(): AsyncGenerator<Outcome> {
  const firstFrame = {
    name: "lesson cgroups --replay to its first frame",
    time: () => runOnTerminal([program, "lesson", "cgroups", "--replay"], "REPLAY"),
  };
  yield await compare({
    name: "first-frame-over-node",
    // 10.8 when this was written (213 ms). Facts: Ink's hello world alone is at 4.3 times bare Node.
    atMost: 13,
    rounds: 12,
    warmUp: 1,
    ours: firstFrame,
    baseline: { name: "node -e 0", time: () => runOnTerminal(["-e", "0"], null) },
  });
  yield* overHello(firstFrame);
  yield await compare({
    name: "list-over-node",
    // 5.4 when this was written (105 ms): a lesson is parsed by code that has just been compiled.
    atMost: 7,
    rounds: 15,
    warmUp: 1,
    ours: { name: "list", time: () => runToEnd(node, [program, "list"]) },
    baseline: { name: "node -e 0", time: () => runToEnd(node, ["-e", "0"]) },
  });
}

/** What of the first frame is ours: the rest is Node, React, Ink and its layout engine. */
async function* overHello(firstFrame: Contender): AsyncGenerator<Outcome> {
  const hello = await buildHello();
  try {
    yield await compare({
      name: "first-frame-over-ink-hello",
      // 2.5 when this was written. What is ours is compiling, parsing the lesson, asking strace for
      // its version, and a first full screen; profiles show no one thing that stands out.
      atMost: 3,
      rounds: 12,
      warmUp: 1,
      ours: firstFrame,
      baseline: { name: "Ink's hello world", time: () => runOnTerminal([hello.file], HELLO) },
    });
  } finally {
    hello.remove();
  }
}
