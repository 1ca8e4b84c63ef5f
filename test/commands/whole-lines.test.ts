import { expect, test } from "vitest";
import { createWholeLines } from "../../src/commands/whole-lines.ts";
import type { Event, Output } from "../../src/timeline/event.ts";

const output = (text: string, more: Partial<Output> = {}): Output => ({
  ...{ kind: "output", t: 1, run: 1, stream: "out", text },
  ...more,
});
const through = (...events: readonly Event[]) => {
  const whole = createWholeLines();
  return events
    .flatMap((event) => whole(event))
    .map((event) => ("text" in event ? event.text : event.kind));
};
const exit: Event = { kind: "run.exit", t: 2, run: 1, code: 0 };

test("pieces of a line are put together", () => {
  expect(
    through(output("table"), output(" ip"), output(" nat {\n\tchain"), output(" x\n")),
  ).toEqual(["table ip nat {\n", "\tchain x\n"]);
});

test("streams and runs do not mix", () => {
  const err = { stream: "err" } as const;
  expect(through(output("a"), output("b", err), output("1\n"), output("2\n", err))).toEqual([
    "a1\n",
    "b2\n",
  ]);
  expect(through(output("a"), output("b\n", { run: 2 }), output("c\n"))).toEqual(["b\n", "ac\n"]);
});

test("what never ends comes at the end of its run, or of the session", () => {
  expect(through(output("prompt> "), exit, output("x"))).toEqual(["prompt> ", "run.exit"]);
  const end: Event = { kind: "session.end", t: 3, reason: "left" };
  expect(through(output("a"), end)).toEqual(["a", "session.end"]);
});

test("bytes that are no text and a terminal's output pass as they are", () => {
  const { text: _, ...bytes } = output("", { base64: "AA==" });
  const whole = createWholeLines();
  expect(whole(bytes)).toEqual([bytes]);
  const pty = output("x", { stream: "pty" });
  expect(whole(pty)).toEqual([pty]);
});
