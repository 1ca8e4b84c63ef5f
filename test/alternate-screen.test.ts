import { expect, test } from "vitest";
import { giveScreenBack, takeScreen, takeScreenEarly } from "../src/alternate-screen.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGTSTP"];
const ENDS = ["exit", "uncaughtExceptionMonitor"];

function terminal() {
  let text = "";
  return { write: (more: string) => (text += more), text: () => text };
}

function listening(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + process.listenerCount(name), 0);
}

test("it is taken once, and given back once", () => {
  const before = listening([...SIGNALS, ...ENDS]);
  const it = terminal();
  takeScreen(it);
  takeScreen(it);
  expect(it.text()).toBe("\x1b[?1049h\x1b[?25l");
  giveScreenBack(it);
  giveScreenBack(it);
  expect(it.text()).toBe("\x1b[?1049h\x1b[?25l\x1b[?1049l\x1b[?25h");
  expect(listening([...SIGNALS, ...ENDS])).toBe(before);
});

test("the mouse is given back with it, whoever asked for it when", () => {
  const it = terminal();
  takeScreenEarly(it, "");
  takeScreen(it, true);
  takeScreen(it, true);
  expect(it.text().match(/\?1000h/g)).toHaveLength(1);
  giveScreenBack(it);
  expect(it.text()).toMatch(/\?1006h.*\?1006l.*\?1000l.*\?1049l/s);
});

test("signals give it back until somebody else looks after them", () => {
  const before = listening(SIGNALS);
  const it = terminal();
  takeScreenEarly(it, "one moment");
  expect(it.text()).toContain("one moment");
  expect(listening(SIGNALS)).toBe(before + SIGNALS.length);
  takeScreen(it);
  expect(listening(SIGNALS)).toBe(before);
  giveScreenBack(it);
});

test("a crash shows its stack on the screen that was there before", () => {
  const it = terminal();
  takeScreen(it);
  (process as NodeJS.EventEmitter).emit("uncaughtExceptionMonitor", new Error("a bug"));
  expect(it.text()).toContain("\x1b[?1049l");
  giveScreenBack(it);
});
