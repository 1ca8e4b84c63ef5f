import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { hasEventShape } from "../../src/timeline/event-shape.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { decodeRecording, encodeEvent } from "../../src/timeline/recording.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";
import { createWorldView } from "../../src/timeline/world-view.ts";
import { eventLine, isOfInterest } from "../../src/ui/panes/events/event-line.ts";

const of = { container: "demo", pid: 1001, labPid: 7 };
const clone: Event = {
  kind: "container.stage",
  t: 10,
  ...of,
  stage: "clone",
  call: "clone3",
  detail: "new namespaces: pid mnt",
  ns: { pid: 5, mnt: 6 },
};
const pivot: Event = {
  kind: "container.stage",
  t: 20,
  ...of,
  stage: "pivot_root",
  call: "pivot_root",
  detail: "the old root is detached",
};
const stopped: Event = { kind: "container.stopped", t: 21, ...of, stage: "pivot_root" };
const exec: Event = { kind: "container.stage", t: 30, ...of, stage: "exec", detail: "sh" };
const exit: Event = { kind: "process.exit", t: 40, pid: 1001, code: 3 };

describe("a container built by hand", () => {
  test("has the stages it has come through, and waits where it stopped", () => {
    const container = foldWorld([clone, pivot, stopped]).containers.get(1001);
    expect(container).toMatchObject({
      name: "demo",
      labPid: 7,
      namespaces: { pid: 5, mnt: 6 },
      stages: [
        { t: 10, stage: "clone", call: "clone3", detail: "new namespaces: pid mnt" },
        { t: 20, stage: "pivot_root", call: "pivot_root" },
      ],
      stopped: "pivot_root",
      failure: null,
      exit: null,
    });
  });

  test("goes on, and ends as its process ends, whichever is told first", () => {
    const world = foldWorld([clone, pivot, stopped, exec, exit]);
    const end = { stopped: null, exit: { t: 40, code: 3, signal: null } };
    expect(world.containers.get(1001)).toMatchObject(end);
    expect(foldWorld([exit, clone, exec]).containers.get(1001)).toMatchObject({
      exit: { code: 3 },
    });
  });

  test("that is killed while it waits waits no longer", () => {
    const killed: Event = { kind: "process.exit", t: 25, pid: 1001, signal: "SIGKILL" };
    const container = foldWorld([clone, pivot, stopped, killed]).containers.get(1001);
    expect(container).toMatchObject({ stopped: null, exit: { signal: "SIGKILL" } });
  });

  test("says why it was given up", () => {
    const message = "the root cannot be changed: Invalid argument";
    const failed: Event = { kind: "container.failed", t: 20, ...of, stage: "pivot_root", message };
    expect(foldWorld([clone, failed]).containers.get(1001)?.failure).toEqual({
      stage: "pivot_root",
      message,
    });
  });

  test("two of one name are two containers", () => {
    const other: Event = { ...clone, t: 50, pid: 1002 };
    expect(foldWorld([clone, exit, other]).containers.size).toBe(2);
  });

  test("goes back with the cursor, and comes out of a recording as it was", () => {
    const events = [clone, pivot, stopped, exec, exit];
    const text = events.map((event) => `${encodeEvent(event)}\n`).join("");
    expect(decodeRecording(text).events).toEqual(events);
    const timeline = createTimeline();
    timeline.append(events);
    const worldAt = createWorldView(timeline);
    expect(worldAt(5).containers.get(1001)?.exit).not.toBeNull();
    expect(worldAt(3).containers.get(1001)).toMatchObject({ stopped: "pivot_root", exit: null });
    expect(worldAt(1).containers.get(1001)?.stages).toHaveLength(1);
  });

  test("of another shape is no event", () => {
    expect(hasEventShape(clone)).toBe(true);
    expect(hasEventShape({ kind: "container.stage", ...of } as never)).toBe(false);
    expect(hasEventShape({ ...clone, ns: { pid: "5" } } as never)).toBe(false);
    expect(hasEventShape({ ...pivot, detail: 5 } as never)).toBe(false);
  });
});

describe("its lines among the events", () => {
  const line = (event: Event): string =>
    eventLine(event, (pid) => (pid === 1001 ? "7" : "?"), String, 80)
      .map(({ text }) => text)
      .join("");

  test("name the stage, the call and what it did", () => {
    expect(isOfInterest(clone, true)).toBe(true);
    expect(line(clone)).toBe("     7 stage clone clone3: new namespaces: pid mnt");
    expect(line(stopped)).toBe("     7 container demo waits after pivot_root");
  });

  test("let nothing of the lab's onto the terminal", () => {
    const hostile: Event = { ...pivot, detail: "\u001b[2J\nx", container: "\u001b]0;x\u0007" };
    for (const bad of ["\u001b", "\n", "\u0007"]) expect(line(hostile)).not.toContain(bad);
    expect(line({ ...stopped, container: "\u001b[31m" } as Event)).not.toContain("\u001b");
  });
});
