import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/lesson/check.ts";
import type { Check, EventClaim } from "../../src/lesson/lesson.ts";
import type { Event } from "../../src/timeline/event.ts";
import { countedIn } from "../../src/timeline/event-flood.ts";
import { floodText } from "../../src/timeline/flood-text.ts";
import { createThinning } from "../../src/timeline/thinning.ts";

function call(t: number, name = "read", args: string[] = ["3"]): Event {
  return { kind: "syscall", t, labPid: 2, pid: 102, run: 1, name, args, result: "0" };
}

function fork(pid: number, ppid = 100): Event {
  return { kind: "process.fork", t: pid, pid, ppid };
}

function exec(pid: number): Event {
  return { kind: "process.exec", t: pid, pid };
}

function exit(pid: number): Event {
  return { kind: "process.exit", t: pid, pid, code: 0 };
}

/** All that come between two releases, and then what is handed on of them. */
function through(thinning: ReturnType<typeof createThinning>, events: readonly Event[]) {
  return thinning.release(events.filter((event) => thinning.admits(event)));
}

const kindsOf = (events: readonly Event[]): string[] => events.map(({ kind }) => kind);

test("what a lesson makes goes through untouched", () => {
  const events = Array.from({ length: 5000 }, (_, index) => call(index));
  expect(through(createThinning(), events)).toEqual(events);
});

test("every event is kept or counted", () => {
  const thinning = createThinning({ burst: 100, perSecond: 10 });
  let given = 0;
  const out: Event[] = [];
  for (let turn = 0; turn < 50; turn++) {
    const pid = 1000 + turn * 10;
    const events = [...Array.from({ length: 7 }, () => call(turn * 1e6)), fork(pid), exit(pid)];
    given += events.length;
    out.push(...through(thinning, events));
  }
  const kept = out.filter(({ kind }) => kind !== "flood").length;
  expect(kept).toBeLessThan(200);
  expect(kept + countedIn(out)).toBe(given);
});

test("room comes back with time", () => {
  const thinning = createThinning({ burst: 2, perSecond: 1 });
  through(thinning, [call(0), call(0), call(0), call(0)]);
  expect(kindsOf(through(thinning, [call(60e9, "openat"), call(60e9, "openat")]))).toEqual([
    "syscall",
    "syscall",
  ]);
});

describe("when there is no room", () => {
  const crowded = () => {
    const thinning = createThinning({ burst: 1, perSecond: 0 });
    through(thinning, [call(0), call(0)]);
    return thinning;
  };

  test("one of each kind of call stays, failures and writes to cgroup files apart", () => {
    const file = (name: string): string[] => [`1</sys/fs/cgroup/demo/${name}>`];
    const failed = { ...call(1, "mount"), errno: "EPERM" } as Event;
    const events = [
      ...[call(1, "mount"), failed, call(2, "mount")],
      ...[call(3, "write", file("pids.max")), call(4, "write", file("cgroup.procs"))],
      call(5, "write", file("pids.max")),
    ];
    const [flood, ...kept] = through(crowded(), events);
    expect(kept).toEqual([events[0], events[1], events[3], events[4]]);
    expect(flood).toMatchObject({ kind: "flood", counts: { syscall: 2 } });
  });

  test("a process that was gone again is left out whole", () => {
    const out = through(crowded(), [fork(200), exec(200), exit(200), call(9)]);
    expect(kindsOf(out)).toEqual(["flood", "syscall"]);
    expect(out[0]).toMatchObject({
      counts: { "process.fork": 1, "process.exec": 1, "process.exit": 1 },
    });
  });

  test("its end may be released later than its beginning", () => {
    const thinning = crowded();
    const life = [fork(200), exec(200), exit(200)] as const;
    for (const event of life) thinning.admits(event);
    expect(kindsOf(thinning.release([life[0]]))).toEqual(["flood"]);
    expect(kindsOf(thinning.release([life[1], life[2]]))).toEqual(["flood"]);
  });

  test("who lives on stays, and who has a child that does", () => {
    const events = [fork(200), fork(201, 200), exec(201), exit(200), fork(300)];
    expect(through(crowded(), events)).toEqual(events);
  });

  test("what makes the world stays", () => {
    const events: Event[] = [
      { kind: "step.start", t: 1, step: "a" },
      { kind: "run.exit", t: 2, run: 1, code: 0 },
      { kind: "cgroup.remove", t: 3, hierarchy: "", path: "/demo" },
      { kind: "mount.remove", t: 4, mount: 7, target: "/mnt" },
    ];
    expect(through(crowded(), events)).toEqual(events);
  });

  test("the count of a step's last events is there before its end", () => {
    const end: Event = { kind: "step.end", t: 9, step: "a" };
    expect(kindsOf(through(crowded(), [call(8), call(8), end]))).toEqual([
      "flood",
      "syscall",
      "step.end",
    ]);
  });
});

describe("a check on events of which some were only counted", () => {
  const flood: Event = { kind: "flood", t: 1, counts: { syscall: 7 } };
  const outcome = (count: EventClaim["count"], events: Event[], event = "syscall"): string => {
    const claim = { kind: "event", event, where: {}, count } as EventClaim;
    return evaluate({ id: "a/1", that: "", otherwise: "", claim } as Check, events).outcome;
  };

  test("what was seen was there", () => {
    expect(outcome(null, [call(1), flood])).toBe("passed");
    expect(outcome({ kind: "at-least", value: 1 }, [call(1), flood])).toBe("passed");
  });

  test("what was not seen may have been there", () => {
    expect(outcome(null, [flood])).toBe("skipped");
    expect(outcome({ kind: "at-least", value: 2 }, [call(1), flood])).toBe("skipped");
  });

  test("nobody knows how often", () => {
    expect(outcome({ kind: "at-most", value: 3 }, [call(1), flood])).toBe("skipped");
    expect(outcome({ kind: "equals", value: 0 }, [flood])).toBe("skipped");
  });

  test("of other kinds it says nothing", () => {
    expect(outcome(null, [flood], "process.exit")).toBe("failed");
    expect(outcome({ kind: "equals", value: 0 }, [flood], "process.exit")).toBe("passed");
  });
});

test("it is said in words", () => {
  const counts = { syscall: 20, "process.fork": 2, "process.exec": 2, "process.exit": 2 };
  expect(floodText({ counts })).toBe(
    "too fast to be kept: 20 system calls, 2 processes, from beginning to end",
  );
});
