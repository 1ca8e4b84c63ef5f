import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { openTerminal, type Terminal, type TerminalOptions } from "./terminal.ts";

/** The same recording on every host: which one comes with the lesson depends on its cgroups. */
const recording = new URL("../../fixtures/recordings/cgroups.v1.ndjson", import.meta.url);
export const REPLAY = ["lesson", "cgroups", "--replay", fileURLToPath(recording)] as const;
export const LIVE = ["lesson", "cgroups"] as const;

/** Presses of Enter closer together than 150 ms are one press (src/workbench/actions.ts). */
const BETWEEN_ENTERS = 200;

/** A terminal, and a person who reads before they press Enter again. */
export interface Learner extends Terminal {
  /** Enter, once what was on screen has been read; then the screen once it shows this. */
  enter(wanted: RegExp): Promise<string>;
  /** A key, or several, and the screen once it shows this. */
  press(keys: string, wanted: RegExp): Promise<string>;
  /**
   * What the screen shows after everything typed so far was taken in: opening the help and closing
   * it again is seen, so whatever came before it has been dealt with.
   */
  settled(): Promise<string>;
}

/** Starts the program in a terminal that goes away with the test. */
export function learner(args: readonly string[], options?: TerminalOptions): Learner {
  const terminal = openTerminal(args, options);
  onTestFinished(() => terminal.close());
  const press = (keys: string, wanted: RegExp): Promise<string> => {
    terminal.write(keys);
    return terminal.until(wanted);
  };
  return {
    ...terminal,
    press,
    async enter(wanted) {
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_ENTERS));
      return press("\r", wanted);
    },
    async settled() {
      await press("?", /Marks: ✓ holds/);
      return press("?", /^(?![\s\S]*Marks: ✓ holds)/);
    },
  };
}

/** At the first step, the introduction read. */
export async function atFirstStep(
  args: readonly string[] = REPLAY,
  options?: TerminalOptions,
): Promise<Learner> {
  const it = learner(args, options);
  await it.until(/Enter begins/);
  await it.enter(/step 1\/\d+.*\n[\s\S]*(Enter (plays|runs) this step|Enter reads on)/);
  return it;
}

/** What a terminal sends for the mouse (xterm, SGR mode 1006): button, then column and row from 1. */
export function point(it: Learner, button: number, text: string): void {
  const lines = it.screen().split("\n");
  const row = lines.findIndex((line) => line.includes(text));
  const column = lines[row]?.indexOf(text) ?? -1;
  expect(column, `${text} is on the screen`).toBeGreaterThanOrEqual(0);
  it.write(`\x1b[<${button};${column + 1};${row + 1}M\x1b[<${button};${column + 1};${row + 1}m`);
}

/** The screen once all that was typed is taken in, and nothing of it is on its way any more. */
export async function still(it: Learner): Promise<string> {
  let before = await it.settled();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    if (it.screen() === before) return before;
    before = it.screen();
  }
}
