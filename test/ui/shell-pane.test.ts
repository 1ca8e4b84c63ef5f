import { beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { loadEmulator } from "../../src/ui/panes/shell/emulator.ts";
import { textOf } from "../../src/ui/text.ts";
import { createPaint } from "../../src/ui/theme.ts";
import { typedText } from "../../src/ui/typed-text.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, type Stage } from "./render-frame.tsx";
import { labEvents, timed } from "./sample-session.ts";

beforeAll(loadEmulator);

const pty = (text: string) => ({ kind: "output", run: 7, stream: "pty", text }) as const;

function shellEvents(...texts: readonly string[]): Event[] {
  const start = {
    kind: "shell.start",
    run: 7,
    pid: 4300,
    labPid: 20,
    rows: 5,
    columns: 40,
  } as const;
  return timed([start, ...texts.map(pty)], 3e9);
}

function shown(stage: Stage, width = 78): string[] {
  const { shell } = stage.panes;
  const view = stage.view();
  return shell
    .lines(view, width, 0, shell.count(view, width))
    .map((line) => textOf(line).trimEnd());
}

describe("the shell pane", () => {
  test("shows what a terminal shows: colours taken, lines overwritten, wide characters", () => {
    const stage = createStage().grow(labEvents());
    stage.grow(shellEvents("\u001b[32m$\u001b[0m echo 控制\r\n控制\r\nold\rnew\r\n", "\u001b[Kx"));
    expect(shown(stage)).toEqual(["$ echo 控制", "控制", "new", "x"]);
  });

  test("what scrolled away can be seen, and the moment before as well", () => {
    const lines = Array.from({ length: 9 }, (_, index) => `line ${index}`);
    const stage = createStage()
      .grow(labEvents())
      .grow(shellEvents(lines.join("\r\n")));
    expect(shown(stage)).toEqual(lines);
    stage.grow(timed([pty("\r\nlast")], 4e9));
    expect(shown(stage).at(-1)).toBe("last");
    const earlier = createStage({ timeline: stage.timeline });
    earlier.send({ kind: "grown", events: stage.timeline.events.slice(0, -1) });
    expect(shown(earlier)).toEqual(lines);
  });

  test("a full-screen program has the screen, and gives it back", () => {
    const stage = createStage().grow(labEvents());
    stage.grow(shellEvents("$ top\r\n", "\u001b[?1049h\u001b[2J\u001b[HTasks: 4"));
    expect(shown(stage)).toEqual(["Tasks: 4"]);
    stage.grow(timed([pty("\u001b[?1049l")], 4e9));
    expect(shown(stage)[0]).toBe("$ top");
  });

  test("colours are the program's, and none with NO_COLOR", () => {
    const stage = createStage().grow(labEvents());
    const text = "\u001b[1;31mred\u001b[0m \u001b[92;44mon\u001b[7m \u001b[0m";
    stage.grow(shellEvents(`${text}\u001b[38;5;200;48;2;1;2;3mmany\u001b[0m plain\r\n`));
    const [line = []] = stage.panes.shell.lines(stage.view(), 78, 0, 1);
    const on = "\u001b[92;44mon\u001b[0m\u001b[7;92;44m \u001b[0m";
    const many = "\u001b[38;5;200;48;2;1;2;3mmany\u001b[0m";
    expect(createPaint({ colour: true })(line)).toBe(`\u001b[1;31mred\u001b[0m ${on}${many} plain`);
    expect(createPaint({ colour: false })(line)).toBe(
      "\u001b[1mred\u001b[0m on\u001b[7m \u001b[0mmany plain",
    );
  });

  test("a full-screen program gets the arrow keys it has asked for", () => {
    const { shell } = createStage().panes;
    const stage = createStage().grow(labEvents()).grow(shellEvents("\u001b[?1h"));
    expect(shell.applicationCursor?.(stage.view())).toBe(true);
    stage.grow(timed([pty("\u001b[?1l")], 4e9));
    expect(shell.applicationCursor?.(stage.view())).toBe(false);
    expect(typedText("", { upArrow: true }, true)).toBe("\u001bOA");
    expect(typedText("", { home: true }, true)).toBe("\u001bOH");
    expect(typedText("", { pageUp: true }, true)).toBe("\u001b[5~");
  });

  test("nothing of it is a command's output", () => {
    const stage = createStage().grow(labEvents()).grow(shellEvents("secret\r\n"));
    stage.grow(timed([{ kind: "run.exit", run: 7, code: 0 }], 4e9));
    const { output } = stage.panes;
    expect(output.lines(stage.view(), 80, 0, 9).map(textOf)).toEqual(["No command has run yet."]);
  });

  for (const [columns, rows] of [
    [80, 24],
    [200, 60],
  ] as const)
    test(`frame shell-${columns}x${rows}`, () => {
      const stage = createStage({ columns, rows }).grow(labEvents());
      stage.send({ kind: "asked", action: "shell", at: 1000 });
      stage.grow(timed([{ kind: "step.start", step: "make", byHand: true }], 2e9));
      expectFrame(
        `shell-${columns}x${rows}`,
        stage.grow(shellEvents("root@lab:~# mkdir \u001b[1mx")),
      );
    });
});

test.each([
  ["a", {}, "a"],
  ["\r", { return: true }, "\r"],
  ["", { upArrow: true }, "\u001b[A"],
  ["c", { ctrl: true }, "\u0003"],
  ["]", { ctrl: true }, "\u001d"],
  ["\t", { tab: true }, "\t"],
  ["", { backspace: true }, "\u007f"],
  ["b", { meta: true }, "\u001bb"],
  ["控制🙂", {}, "控制🙂"],
])("%j with %j is typed as %j", (input, key, typed) => {
  expect(typedText(input, key)).toBe(typed);
});
