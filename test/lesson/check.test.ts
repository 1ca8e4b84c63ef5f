import { describe, expect, test } from "vitest";
import { beforeFirstRun, checkResults, evaluate, lastAttempt } from "../../src/lesson/check.ts";
import type { Check, Claim, Comparison, Matcher } from "../../src/lesson/lesson.ts";
import { matches } from "../../src/lesson/match.ts";
import { summarize } from "../../src/lesson/summary.ts";
import type { Event } from "../../src/timeline/event.ts";

const check = (claim: Claim): Check => ({
  id: "s/1",
  that: "",
  otherwise: "",
  claim,
});
const file = (matcher: Matcher | Comparison, field: string | null = null): Check =>
  check({ kind: "file", path: "/f", field, matcher });
const probe = (text: string | null, error?: string): Event => ({
  kind: "probe",
  t: 1,
  path: "/f",
  text,
  ...(error !== undefined && { error }),
});
const start: Event = { kind: "step.start", t: 0, step: "s" };
const end: Event = { kind: "step.end", t: 9, step: "s" };
const run: Event = { kind: "run.start", t: 2, run: 1, step: "s", pid: 1, labPid: 1, script: "" };

describe("matchers", () => {
  test.each<[Matcher, unknown, boolean]>([
    [{ kind: "exists", value: true }, "", true],
    [{ kind: "exists", value: true }, null, false],
    [{ kind: "exists", value: false }, undefined, true],
    [{ kind: "equals", value: 64 }, "64", true],
    [{ kind: "equals", value: 64 }, " ", false],
    [{ kind: "equals", value: "64" }, 64, false],
    [{ kind: "equals", value: null }, null, true],
    [{ kind: "matches", value: "^b$" }, "a\nb\nc", true],
    [{ kind: "matches", value: "b" }, null, false],
    [{ kind: "not-equals", value: 64 }, "65", true],
    [{ kind: "not-equals", value: 64 }, "64", false],
    [{ kind: "not-equals", value: 64 }, null, false],
    [{ kind: "not-matches", value: "^b$" }, "a\nc", true],
    [{ kind: "not-matches", value: "^b$" }, "a\nb", false],
    [{ kind: "not-matches", value: "b" }, undefined, false],
    [{ kind: "at-least", value: 1 }, "1", true],
    [{ kind: "at-least", value: 1 }, "max", false],
    [{ kind: "at-least", value: 0 }, "", false],
    [{ kind: "at-most", value: 1 }, 2, false],
  ])("%j on %j is %j", (matcher, value, expected) =>
    expect(matches(matcher, value)).toBe(expected),
  );
});

describe("a claim about a file", () => {
  const outcome = (it: Check, ...events: Event[]): string => evaluate(it, events).outcome;

  test("looks at the last probe, without its last newline", () => {
    expect(outcome(file({ kind: "equals", value: "b" }), probe("a\n"), probe("b\n"))).toBe(
      "passed",
    );
    expect(outcome(file({ kind: "equals", value: "b" }), probe("b\n"), probe("a\n"))).toBe(
      "failed",
    );
  });

  test("looks at one field of a flat file, in the kernel's spellings", () => {
    const oom = file({ kind: "at-least", value: 1 }, "oom_kill");
    expect(outcome(oom, probe("low 0\noom 1\noom_kill 1\n"))).toBe("passed");
    expect(outcome(oom, probe("oom_kill_disable 1\nunder_oom 0\noom_kill 0\n"))).toBe("failed");
    expect(outcome(oom, probe("oom 1\n"))).toBe("failed");
    const cpus = file({ kind: "equals", value: "0" }, "Cpus_allowed_list");
    expect(outcome(cpus, probe("Name:\tsh\nCpus_allowed_list:\t0\n"))).toBe("passed");
  });

  test("an unreadable file could not be checked, a missing one is not there", () => {
    const exists = file({ kind: "exists", value: true });
    expect(outcome(exists, probe(null, "EACCES"))).toBe("skipped");
    expect(outcome(exists)).toBe("skipped");
    expect(outcome(exists, probe(null))).toBe("failed");
    expect(evaluate(file({ kind: "equals", value: 1 }), [probe("2\n")]).detail).toBe(
      '/f is "2", expected 1',
    );
  });
});

describe("a claim about events", () => {
  const killed = check({
    kind: "event",
    event: "process.exit",
    where: { signal: { kind: "equals", value: "SIGKILL" } },
    count: null,
  });

  test("all fields of one event must match", () => {
    const exit: Event = { kind: "process.exit", t: 3, pid: 5, signal: "SIGKILL" };
    expect(evaluate(killed, [exit]).outcome).toBe("passed");
    expect(evaluate(killed, [{ ...exit, signal: "SIGTERM" }]).outcome).toBe("failed");
    expect(evaluate(killed, [run]).detail).toContain('no process.exit event with signal "SIGKILL"');
  });
});

describe("a claim about what a command says", () => {
  const told = (text: string | null, command = "ip link"): Event => ({
    kind: "probe",
    t: 1,
    path: "",
    command,
    text,
  });
  const says = (matcher: Matcher | Comparison, field: string | null = null): Check =>
    check({ kind: "command", command: "ip link", field, matcher });
  const up: Matcher = { kind: "matches", value: "^br0: up$" };

  test("looks at the last time that very command was run", () => {
    const events = [told("br0: down\n"), told("br0: up\n"), told("no\n", "ip addr")];
    expect(evaluate(says(up), events).outcome).toBe("passed");
    expect(evaluate(says({ kind: "equals", value: "up" }, "br0"), events).outcome).toBe("passed");
    expect(evaluate(says(up), events.slice(0, 1)).detail).toBe(
      'what `ip link` says is "br0: down", expected to match /^br0: up$/',
    );
  });

  test("one that failed without a word says nothing; one that was not run is no proof", () => {
    expect(evaluate(says({ kind: "exists", value: false }), [told(null)]).outcome).toBe("passed");
    expect(evaluate(says(up), [told(null)]).outcome).toBe("failed");
    expect(evaluate(says(up), [])).toMatchObject({
      outcome: "skipped",
      detail: "`ip link` was not run",
    });
    const late: Event = {
      kind: "probe",
      t: 1,
      path: "",
      command: "ip link",
      text: null,
      error: "x",
    };
    expect(evaluate(says(up), [late]).outcome).toBe("skipped");
  });

  test("a file of an empty name is no command", () => {
    const nameless = check({ kind: "file", path: "", field: null, matcher: up });
    expect(evaluate(nameless, [told("br0: up\n")]).outcome).toBe("skipped");
  });

  test("before and after are compared, and neither comparison holds before the step", () => {
    const differs = says({ kind: "differs-from-before" });
    const same = says({ kind: "same-as-before" });
    const outcomes = (...events: Event[]) =>
      [differs, same].map((it) => evaluate(it, [start, ...events]).outcome);
    expect(outcomes(told("a"))).toEqual(["failed", "failed"]);
    expect(outcomes(told("a"), run, told("b"))).toEqual(["passed", "failed"]);
    expect(outcomes(told("a"), run, told("b"), told("a"))).toEqual(["failed", "passed"]);
    expect(outcomes(told(null), run, told("a"))).toEqual(["passed", "failed"]);
    expect(outcomes(run, told("a"))).toEqual(["skipped", "skipped"]);
    expect(evaluate(differs, [told("a"), run, told("a")]).detail).toBe(
      'what `ip link` says is "a" as before the step',
    );
    expect(evaluate(same, [told("a"), run, told(null)]).detail).toBe(
      'what `ip link` says is not there and was "a"',
    );
  });
});

describe("fields inside fields, lists and counts", () => {
  const ran = (argv: string[], pid: number): Event => ({
    ...{ kind: "process.exec", t: 3, pid, argv, namespaces: { pid: 4026, mnt: 7 } },
  });
  const events = [ran(["runc", "create", "c1"], 5), ran(["runc", "start", "c1"], 6)];
  const seen = (where: Record<string, Matcher>, count: Matcher | null = null): string =>
    evaluate(check({ kind: "event", event: "process.exec", where, count }), events).outcome;

  test("a dotted name looks inside, a number into a list", () => {
    expect(seen({ "namespaces.pid": { kind: "equals", value: 4026 } })).toBe("passed");
    expect(seen({ "namespaces.net": { kind: "exists", value: true } })).toBe("failed");
    expect(seen({ "pid.moon": { kind: "exists", value: true } })).toBe("failed");
    expect(seen({ "argv.1": { kind: "equals", value: "start" } })).toBe("passed");
    expect(seen({ "namespaces.toString": { kind: "exists", value: true } })).toBe("failed");
  });

  test("a list is read as one line", () => {
    expect(seen({ argv: { kind: "matches", value: "^runc create " } })).toBe("passed");
    expect(seen({ argv: { kind: "equals", value: "runc start c1" } })).toBe("passed");
    const changes: Event = {
      ...{ kind: "step.changes", t: 1, step: "s", more: 0 },
      changes: [{ how: "new", what: "link", name: "br0" }] as never,
    };
    const where = { "changes.name": { kind: "equals", value: "br0" } } as const;
    const link = check({ kind: "event", event: "step.changes", where, count: null });
    expect(evaluate(link, [changes]).outcome).toBe("passed");
  });

  test("so many were seen", () => {
    expect(seen({}, { kind: "at-least", value: 2 })).toBe("passed");
    expect(seen({}, { kind: "at-least", value: 3 })).toBe("failed");
    expect(seen({ pid: { kind: "equals", value: 5 } }, { kind: "equals", value: 1 })).toBe(
      "passed",
    );
    const claim = { kind: "event", event: "process.exec", where: {} } as const;
    const three = check({ ...claim, count: { kind: "at-least", value: 3 } });
    expect(evaluate(three, events).detail).toBe(
      "2 process.exec events were seen, expected at least 3",
    );
  });
});

describe("where processes cannot be seen", () => {
  test("that one was not seen proves nothing", () => {
    const exit = check({ kind: "event", event: "process.exit", where: {}, count: null });
    const ready = (what: string): Event => ({
      ...{ kind: "lab.ready", t: 0, lab: "", pid: 1, namespaces: {}, hierarchies: [] },
      lacks: [{ what, why: "ECONNREFUSED" }],
    });
    const [blind] = checkResults([exit], [ready("processes.all"), start, end], "s");
    expect(blind).toMatchObject({ outcome: "skipped", detail: expect.stringContaining("ECONN") });
    const [seeing] = checkResults([exit], [ready("a limit"), start, end], "s");
    expect(seeing?.outcome).toBe("failed");
  });

  test("strace saw how it ended: that is asked there, and nowhere else", () => {
    const where = { signal: { kind: "equals", value: "SIGKILL" } } as const;
    const exit = check({ kind: "event", event: "process.exit", where, count: null });
    const ready = (what: string): Event => ({
      ...{ kind: "lab.ready", t: 0, lab: "", pid: 1, namespaces: {}, hierarchies: [] },
      lacks: [{ what, why: "" }],
    });
    const told = (event: "killed" | "signal", signal: string): Event => ({
      ...{ kind: "trace.signal", t: 2, run: 1, labPid: 7, event, signal, text: "" },
    });
    const outcome = (what: string, event: Event) =>
      checkResults([exit], [ready(what), start, event, end], "s")[0]?.outcome;
    expect(outcome("processes.all", told("killed", "SIGKILL"))).toBe("passed");
    expect(outcome("processes.all", told("killed", "SIGTERM"))).toBe("skipped");
    expect(outcome("processes.all", told("signal", "SIGKILL"))).toBe("skipped");
    expect(outcome("a limit", told("killed", "SIGKILL"))).toBe("failed");
  });
});

describe("attempts", () => {
  const exists = file({ kind: "exists", value: true });

  test("only a step that has ended is judged, and only by its last attempt", () => {
    const first = [start, probe(null), run, probe("x"), end];
    const second = [start, probe(null), run];
    const outcomes = (events: Event[], cursor?: number) =>
      checkResults([exists], events, "s", cursor).map((result) => result.outcome);
    expect(outcomes(first)).toEqual(["passed"]);
    expect(outcomes([...first, ...second])).toEqual(["pending"]);
    expect(outcomes([...first, ...second], 5)).toEqual(["passed"]);
    expect(outcomes([])).toEqual(["pending"]);
  });

  test("the part before the first command is what a check must be false on", () => {
    const attempt = lastAttempt([start, probe(null), run, probe("x"), end], "s");
    const before = beforeFirstRun(attempt?.events ?? []);
    expect(evaluate(exists, before).outcome).toBe("failed");
  });

  test("a summary counts the checks of the steps that ran", () => {
    const step = {
      id: "s",
      title: "",
      needs: [],
      before: [],
      after: [],
      other: [],
      runs: [],
      watches: [],
      checks: [exists],
      ...{ panes: null, trace: null, ask: null, hints: [], notes: [], solves: [] },
    };
    const other = { ...step, id: "t" };
    const events = [start, probe("x"), end];
    expect(summarize({ id: "l" }, [step, other], events, "live")).toEqual({
      kind: "summary",
      lesson: "l",
      mode: "live",
      steps: 1,
      unable: 0,
      solved: 0,
      checks: 1,
      passed: 1,
      failed: 0,
      skipped: 0,
    });
  });
});
