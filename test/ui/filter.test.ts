import { describe, expect, test } from "vitest";
import type { PaneName } from "../../src/lesson/panes.ts";
import type { Event } from "../../src/timeline/event.ts";
import { LONGEST_FILTER, parseFilter, passesText } from "../../src/ui/filter.ts";
import { filterMessage, filterPasted } from "../../src/ui/filter-keys.ts";
import { followTarget } from "../../src/ui/following.ts";
import { scrubTarget } from "../../src/ui/scrubbing.ts";
import { textOf } from "../../src/ui/text.ts";
import { entriesOf, press } from "./entries.ts";
import { expectFrame } from "./expect-frame.ts";
import type { Stage, StageOptions } from "./render-frame.tsx";
import { timed } from "./sample-session.ts";
import { focus, ranTwo } from "./sample-stage.ts";

function filtered(stage: Stage, pane: PaneName, text: string): Stage {
  return stage
    .send({ kind: "filter", pane }, { kind: "filter-typed", text })
    .send({ kind: "filter-ended", kept: true });
}

function lines(stage: Stage, pane: PaneName): string[] {
  const view = stage.view();
  const drawn = stage.panes[pane];
  return drawn.lines(view, 120, 0, drawn.count(view, 120)).map(textOf);
}

/** What is said beside each time. */
const events = (text: string): string[] =>
  lines(filtered(ranTwo(), "events", text), "events")
    .filter((line) => !line.startsWith("── step"))
    .map((line) => line.slice(9).trim());

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];

describe("frames", () => {
  for (const size of SIZES) {
    const name = `${size.columns}x${size.rows}`;
    test(`filter-typing-${name}`, () => {
      const stage = focus(ranTwo(size), "events").send({ kind: "filter", pane: "events" });
      expectFrame(`filter-typing-${name}`, stage.send({ kind: "filter-typed", text: "pid:12" }));
    });
    test(`filter-kept-${name}`, () =>
      expectFrame(`filter-kept-${name}`, filtered(ranTwo(size), "events", "kind:exec demo")));
    test(`followed-${name}`, () => expectFrame(`followed-${name}`, following("4251", size)));
  }
});

describe("a filter of the events", () => {
  test.each<[string, string[]]>([
    ["errno:ENOENT", ['15 execve("/usr/local/sbin/eat", ["eat", "64M"], …) = -1 ENOENT']],
    ["errno: pid:15", ['15 execve("/usr/local/sbin/eat", ["eat", "64M"], …) = -1 ENOENT']],
    ["kind:syscall mkdir", ['9 mkdir("…/memory/demo", 0777) = 0']],
    ["kind:cgroup", ["· cgroup memory/demo created, the kernel put 3 files into it"]],
    ["SIGKILL", ["15 ✗ killed by SIGKILL (eat)"]],
    ["kind:exec EAT !enoent !sh", ["15 exec eat 64M"]],
    ["pid:4252 kind:exit", ["9 exit 0 (mkdir)"]],
    ["kind:write 32m", ['12 write(1<…/memory/demo/memory.limit_in_bytes>, "32M\\n", 4) = 4']],
  ])("%s", (text, wanted) => expect(events(text)).toEqual(wanted));

  test("the title counts, and what comes later passes it too", () => {
    const stage = filtered(ranTwo({ columns: 120, rows: 30 }), "events", "kind:fork");
    expect(stage.frame()).toContain("5 of 22 · strace slows commands");
    stage.grow([{ kind: "process.fork", t: 11e9, pid: 4300, ppid: 4242, labPid: 40 }]);
    expect(stage.frame()).toContain("6 of 23");
    stage.send({ kind: "asked", action: "close", at: 0 });
    expect(stage.state().filters).toEqual({});
    expect(stage.frame()).not.toMatch(/\d of \d+ ·/);
  });

  test("the beginnings of their steps stay above them, of no other step", () => {
    const both = lines(filtered(ranTwo(), "events", "kind:fork"), "events");
    expect(both.filter((line) => line.startsWith("── step"))).toHaveLength(2);
    const one = lines(filtered(ranTwo(), "events", "errno:"), "events");
    expect(one).toEqual([expect.stringMatching(/^── step 2/), expect.stringContaining("ENOENT")]);
  });

  test("at a moment in the past it counts what was there", () => {
    const stage = filtered(ranTwo({ columns: 120, rows: 30 }), "events", "kind:exit");
    expect(stage.frame()).toContain("5 of 22");
    expect(stage.send({ kind: "scrubbed", to: 21 }).frame()).toContain("3 of 12");
    expect(stage.send({ kind: "scrubbed", to: null }).frame()).toContain("5 of 22");
  });

  test("many events are looked at in pieces, and none is left out", () => {
    const stage = ranTwo({ columns: 120, rows: 30 });
    const forks = Array.from({ length: 90_000 }, (_, index) => ({
      ...{ kind: "process.fork" as const, ppid: 4242 },
      ...{ pid: 10_000 + index, labPid: 1000 + index },
    }));
    stage.grow(timed(forks, 12e9));
    filtered(stage, "events", "kind:fork");
    const frames = [stage.frame()];
    while (/looking/.test(frames.at(-1) ?? "")) frames.push(stage.frame());
    expect(frames.length).toBeGreaterThan(2);
    expect(frames.at(-1)).toContain("90,005 of 90,022");
  });

  test("a press of ↑ picks among those that pass", () => {
    const stage = press(filtered(ranTwo(), "events", "kind:exit"), "line-up", 2);
    const event = stage.view().events[Number(stage.state().picked?.key)];
    expect(event).toMatchObject({ kind: "process.exit", pid: 4260 });
    expect(entriesOf(stage, "events")).toHaveLength(5);
  });
});

describe("a filter of any list", () => {
  test.each<[PaneName, string, RegExp]>([
    ["processes", "pid:4270", /eat 64M/],
    ["cgroups", "limit_in", /memory\.limit_in_bytes .* ← write by 12$/],
  ])("%s: %s", (pane, text, wanted) => {
    const stage = filtered(ranTwo({ columns: 120, rows: 30 }), pane, text);
    const [line, ...others] = lines(stage, pane).filter((each) => !/command|changed in/.test(each));
    expect(line).toMatch(wanted);
    expect(others).toEqual([]);
    expect(stage.frame()).toMatch(/1 of \d/);
  });

  test("where nothing passes it says so", () => {
    expect(events("no-such-word")).toEqual([expect.stringContaining("Esc shows all again")]);
  });
});

describe("typing", () => {
  const keys = (...pressed: readonly (readonly [string, object?])[]) => {
    let text = "";
    for (const [input, key = {}] of pressed) {
      const message = filterMessage(text, input, key);
      if (message?.kind === "filter-typed") text = message.text;
    }
    return text;
  };

  test("letters, Backspace over whole characters, Ctrl-U", () => {
    expect(keys(["a"], ["q"], ["1"], ["", { backspace: true }])).toBe("aq");
    expect(keys(["a"], ["👨‍👩‍👧"], ["", { delete: true }])).toBe("a");
    expect(keys(["a"], ["u", { ctrl: true }])).toBe("");
    expect(keys(["a"], ["b"], ["\u007f"], ["\u0001"], ["c"])).toBe("ac");
    expect(keys(["a"], ["\u0015"], ["c"])).toBe("c");
  });

  test("Enter keeps, Esc and Backspace on nothing take it away", () => {
    expect(filterMessage("a", "", { return: true })).toEqual({ kind: "filter-ended", kept: true });
    expect(filterMessage("a", "", { escape: true })).toEqual({ kind: "filter-ended", kept: false });
    expect(filterMessage("", "", { backspace: true })).toMatchObject({ kept: false });
  });

  test("hostile text stays text, and stays short", () => {
    const evil = "\u001b]0;x\u0007\u202e(.*)+$ [\\ pid: errno: !! ! kind:\u0000";
    const message = filterPasted("", `${evil}\nsecond line`);
    const text = message.kind === "filter-typed" ? message.text : "";
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]|second/);
    const stage = filtered(ranTwo(), "events", text);
    expect(stage.frame()).toContain("Nothing passes");
    const long = filterPasted("x".repeat(150), "y".repeat(5000));
    expect(long.kind === "filter-typed" && long.text.length).toBe(LONGEST_FILTER);
    filtered(stage, "events", "字".repeat(LONGEST_FILTER));
    for (const line of stage.frame().split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("no filter is a mistake", () => {
    expect(parseFilter("  !  pid: !kind:exec a:b ")).toEqual([
      { negated: false, field: null, value: "!" },
      { negated: false, field: "pid", value: "" },
      { negated: true, field: "kind", value: "exec" },
      { negated: false, field: null, value: "a:b" },
    ]);
    expect(passesText(parseFilter("pid:12"), " 12  4260 sh")).toBe(true);
    expect(passesText(parseFilter("pid:2"), " 12  4260 sh")).toBe(false);
  });
});

/** `f` on a process of the tree, or on an event. */
function following(pid: string, options: StageOptions = {}): Stage {
  const stage = ranTwo(options).send({ kind: "picked", pane: "processes", key: pid, scroll: null });
  focus(stage, "processes");
  stage.send({ kind: "followed", process: followTarget(stage.view()) });
  return focus(stage, "events");
}

describe("following a process", () => {
  const shownBy = (stage: Stage): Event[] =>
    entriesOf(stage, "events").map((key) => stage.view().events[Number(key)] as Event);

  test("shows it and all that came from it, and says so", () => {
    const stage = following("4251", { columns: 120, rows: 30 });
    const pids = new Set(shownBy(stage).map((event) => ("pid" in event ? event.pid : "syscall")));
    expect([...pids]).toEqual([4251, 4252, "syscall"]);
    expect(stage.frame()).toMatch(
      /7 of 22 · only 8 \/bin\/sh -c .* and its descendants|7 of 22 · only 8 and below/,
    );
  });

  test("an orphan is still its descendant; a number given again is not", () => {
    const stage = following("4251");
    stage.grow(
      timed(
        [
          { kind: "process.fork", pid: 5000, ppid: 4252, labPid: 50 },
          { kind: "process.exit", pid: 4252, code: 0 },
          { kind: "process.exec", pid: 5000, argv: ["orphan"] },
          { kind: "process.fork", pid: 4252, ppid: 4242, labPid: 51 },
          { kind: "process.exec", pid: 4252, argv: ["stranger"] },
          {
            kind: "syscall",
            pid: 5000,
            labPid: 50,
            run: 9,
            name: "clone3",
            args: [],
            result: "77",
          },
          { kind: "syscall", labPid: 77, run: 9, name: "thread", args: [], result: "0" },
        ],
        12e9,
      ),
    );
    const text = lines(stage, "events").join("\n");
    expect(text).toContain("orphan");
    expect(text).toContain("thread()");
    expect(text).not.toContain("stranger");
  });

  test("f again, or Esc, shows all again; the filter is another matter", () => {
    const stage = following("4251");
    const all = entriesOf(ranTwo(), "events").length;
    filtered(stage, "events", "kind:exit");
    expect(shownBy(stage)).toHaveLength(2);
    stage.send({ kind: "asked", action: "close", at: 0 });
    expect(shownBy(stage)).toHaveLength(7);
    stage.send({ kind: "asked", action: "close", at: 0 });
    expect(entriesOf(stage, "events")).toHaveLength(all);
    stage.send({ kind: "picked", pane: "events", key: "12", scroll: null });
    const again = { kind: "followed", process: followTarget(stage.view()) } as const;
    expect(again.process?.pid).toBe(4252);
    expect(stage.send(again).state().followed?.pid).toBe(4252);
    expect(stage.send(again).state().followed).toBeNull();
  });

  test("with many panes their names give way to whom it is about", () => {
    const stage = following("4251", { columns: 62, rows: 24 });
    expect(stage.frame()).toContain("7 of 22 · only 8 ");
    filtered(stage, "events", "kind:exit");
    expect(stage.frame()).toContain("2 of 22 · only 8 ");
  });

  test("[ goes back by its events alone", () => {
    const stage = following("4251");
    const pids = [1, 2, 3].map(() => {
      stage.send({ kind: "scrubbed", to: scrubTarget(stage.view(), "event-back") });
      const event = stage.view().events[stage.view().cursor - 1];
      return event !== undefined && "pid" in event ? event.pid : event?.kind;
    });
    expect(pids).toEqual([4252, "syscall", 4252]);
  });

  test("where no process is chosen it says how to", () => {
    const stage = focus(ranTwo(), "events");
    stage.send({ kind: "followed", process: followTarget(stage.view()) });
    expect(stage.state().notice).toMatch(/choose one/);
  });
});
