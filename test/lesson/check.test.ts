import { describe, expect, test } from "vitest";
import { beforeFirstRun, checkResults, evaluate, lastAttempt } from "../../src/lesson/check.ts";
import type { Check, EventClaim, FileClaim, Matcher } from "../../src/lesson/lesson.ts";
import { matches } from "../../src/lesson/match.ts";
import { summarize } from "../../src/lesson/summary.ts";
import type { Event } from "../../src/timeline/event.ts";

const check = (claim: FileClaim | EventClaim): Check => ({
  id: "s/1",
  that: "",
  otherwise: "",
  claim,
});
const file = (matcher: Matcher, field: string | null = null): Check =>
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
  });

  test("all fields of one event must match", () => {
    const exit: Event = { kind: "process.exit", t: 3, pid: 5, signal: "SIGKILL" };
    expect(evaluate(killed, [exit]).outcome).toBe("passed");
    expect(evaluate(killed, [{ ...exit, signal: "SIGTERM" }]).outcome).toBe("failed");
    expect(evaluate(killed, [run]).detail).toContain('no process.exit event with signal "SIGKILL"');
  });
});

describe("where processes cannot be seen", () => {
  test("that one was not seen proves nothing", () => {
    const exit = check({ kind: "event", event: "process.exit", where: {} });
    const ready = (what: string): Event => ({
      ...{ kind: "lab.ready", t: 0, lab: "", pid: 1, namespaces: {}, hierarchies: [] },
      lacks: [{ what, why: "ECONNREFUSED" }],
    });
    const [blind] = checkResults([exit], [ready("processes.all"), start, end], "s");
    expect(blind).toMatchObject({ outcome: "skipped", detail: expect.stringContaining("ECONN") });
    const [seeing] = checkResults([exit], [ready("a limit"), start, end], "s");
    expect(seeing?.outcome).toBe("failed");
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
      checks: 1,
      passed: 1,
      failed: 0,
      skipped: 0,
    });
  });
});
