import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { hearMouse, type Pointed, withoutMouse } from "../../src/ui/mouse.ts";
import { pointedAt } from "../../src/ui/pointing.ts";
import type { Stage } from "./render-frame.tsx";
import { ranTwo } from "./sample-stage.ts";

describe("a report of the mouse", () => {
  const heard = (text: string) => hearMouse(text).pointed;

  test("is told from keys, and what is no press or wheel does nothing", () => {
    expect(heard("\x1b[<0;10;5M")).toEqual([{ did: "press", column: 9, row: 4 }]);
    // With Shift held down.
    expect(heard("\x1b[<4;1;1M")).toEqual([{ did: "press", column: 0, row: 0 }]);
    expect(heard("\x1b[<64;300;200M")).toEqual([{ did: "wheel-up", column: 299, row: 199 }]);
    expect(heard("\x1b[<65;1;1M")).toMatchObject([{ did: "wheel-down" }]);
    for (const report of ["\x1b[<0;10;5m", "\x1b[<2;1;1M", "\x1b[<35;1;1M", "\x1b[<66;1;1M"])
      expect(heard(report)).toMatchObject([{ did: "other" }]);
    for (const keys of ["\x1b[A", "q", "[<0;1;1M", "", `\x1b[<0;${"9".repeat(30)};1M`])
      expect(hearMouse(keys)).toEqual({ keys, pointed: [], begun: "" });
  });

  test("keys around it stay keys, and one that is cut in two is put together", () => {
    const stdin = new PassThrough({ encoding: "utf8" }) as unknown as NodeJS.ReadStream;
    const all: Pointed[] = [];
    const without = withoutMouse(stdin, (pointed) => all.push(pointed));
    const keys = ["a\x1b[<0;3", ";4Mb\x1b[<0;3;4m", "\x1b[", "Bc"].map((text) => {
      (stdin as unknown as PassThrough).write(text);
      return without.read();
    });
    expect(keys).toEqual(["a", "b", "\x1b[", "Bc"]);
    expect(all.map(({ did }) => did)).toEqual(["press", "other"]);
    expect(without.read()).toBeNull();
  });
});

/** Points at the first place on the screen where this stands. */
function point(stage: Stage, text: string, did: "press" | "wheel-up" | "wheel-down"): Stage {
  const lines = stage.frame().split("\n");
  const row = lines.findIndex((line) => line.includes(text));
  const column = lines[row]?.indexOf(text) ?? -1;
  expect(column, `${text} is on the screen`).toBeGreaterThanOrEqual(0);
  return stage.send(...pointedAt(stage.view(), stage.panes, { did, column, row }));
}

describe.each([
  ["one place for all panes", { columns: 80, rows: 24 }],
  ["side by side", { columns: 140, rows: 40 }],
])("%s", (_, size) => {
  test("a click chooses the pane, and in a list the entry", () => {
    const stage = ranTwo(size);
    point(stage, "0 lesson", "press");
    expect(stage.state().focus).toBe("lesson");
    point(stage, "execve(", "press");
    expect(stage.state()).toMatchObject({ focus: "events", picked: { pane: "events" } });
    expect(stage.frame()).toMatch(/▸ .*execve\(/);
    const key = stage.state().picked?.key;
    point(stage, "write(", "press");
    expect(stage.state().picked?.key).not.toBe(key);
  });

  test("a click on a pane's name shows it", () => {
    const stage = ranTwo(size);
    point(stage, "4 output", "press");
    expect(stage.state().focus).toBe("output");
    expect(stage.frame()).toMatch(/▸ (0 lesson.*)?.*4 output/);
  });

  test("the wheel scrolls what is under it, whatever is in focus, and back to what is new", () => {
    const stage = ranTwo(size);
    const { focus } = stage.state();
    point(stage, "execve(", "wheel-up");
    const { events = -1 } = stage.state().scroll;
    expect(events).toBeGreaterThanOrEqual(0);
    expect(stage.state().focus).toBe(focus);
    for (let notch = 0; notch < 20; notch++) point(stage, "1 events", "wheel-down");
    expect(stage.state().scroll.events).toBeUndefined();
    point(stage, "0 lesson", "wheel-down");
    expect(stage.state().scroll.lesson).toBeGreaterThan(0);
  });

  test("nothing else does anything", () => {
    const stage = ranTwo(size);
    const at = (column: number, row: number) =>
      pointedAt(stage.view(), stage.panes, { did: "press", column, row });
    const { columns, rows } = size;
    for (const [column, row] of [
      ...[
        [0, 0],
        [0, rows - 1],
        [columns, 5],
        [9999, 9999],
        [-1, -1],
      ],
    ] as const)
      expect(at(column ?? 0, row ?? 0)).toEqual([]);
    stage.send({ kind: "asked", action: "help", at: 1e6 });
    expect(at(3, 5)).toEqual([]);
  });
});
