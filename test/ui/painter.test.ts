import xterm from "@xterm/headless";
import { expect, test } from "vitest";
import { createPainter } from "../../src/ui/painter.ts";

/** A painter on a terminal of 10 columns and 3 rows. */
function paintOn() {
  const display = new xterm.Terminal({ cols: 10, rows: 3, allowProposedApi: true });
  const writes: string[] = [];
  const painter = createPainter((text) => writes.push(text));
  const shown = async (): Promise<string[]> => {
    await new Promise<void>((resolve) => display.write(writes.splice(0).join(""), resolve));
    const { active } = display.buffer;
    return [0, 1, 2].map((row) => active.getLine(row)?.translateToString(true) ?? "");
  };
  return { display, writes, painter, shown };
}

test("a frame that fills the terminal is there to its last character", async () => {
  const { painter, shown } = paintOn();
  painter.paint(["0123456789", "", "0123456789"]);
  expect(await shown()).toEqual(["0123456789", "", "0123456789"]);
});

test("only rows that differ are written, and what was longer is gone", async () => {
  const { painter, writes, shown } = paintOn();
  painter.paint(["first", "second row", "third"]);
  await shown();
  painter.paint(["first", "2nd", "third"]);
  expect(writes.join("")).not.toContain("first");
  expect(await shown()).toEqual(["first", "2nd", "third"]);
  painter.paint(["first", "2nd", "third"]);
  expect(writes).toEqual([]);
});

test("what somebody else has written is gone once it was told to forget", async () => {
  const { display, painter, shown } = paintOn();
  painter.paint(["first", "", "third"]);
  await shown();
  await new Promise<void>((resolve) => display.write("\x1b[2Hscribble", resolve));
  painter.forget();
  painter.paint(["first", "", "third"]);
  expect(await shown()).toEqual(["first", "", "third"]);
});

test("a newline of somebody else's scrolls nothing", async () => {
  const { display, painter, shown } = paintOn();
  painter.paint(["first", "second", "third"]);
  await shown();
  await new Promise<void>((resolve) => display.write("\n", resolve));
  expect(await shown()).toEqual(["first", "second", "third"]);
});
