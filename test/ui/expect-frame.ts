import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { widthOf } from "../../src/ui/text.ts";

/** What draws frames: a workbench, or the home screen. */
interface Framed {
  frame(): string;
  state(): { readonly columns: number; readonly rows: number };
}

/** The whole screen, as a file to read in frames/. `UPDATE_FRAMES=1` writes it anew. */
export function expectFrame(name: string, stage: Framed): void {
  const frame = `${stage.frame()}\n`;
  const { columns, rows } = stage.state();
  const lines = frame.trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(rows);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  const file = new URL(`frames/${name}.txt`, import.meta.url);
  if (process.env.UPDATE_FRAMES === "1") writeFileSync(file, frame);
  expect(existsSync(file), `${name}.txt is missing: UPDATE_FRAMES=1 writes it`).toBe(true);
  expect(frame).toBe(readFileSync(file, "utf8"));
}
