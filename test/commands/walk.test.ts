import { expect, test } from "vitest";
import type { Session } from "../../src/commands/session.ts";
import { sessionSummary, type Walker, walk } from "../../src/commands/walk.ts";
import type { SelectedStep } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";

const step = (id: string): SelectedStep => ({
  ...{ id, title: id, needs: [], before: [], after: [], other: [] },
  ...{
    runs: [],
    watches: [],
    panes: null,
    trace: null,
    ask: null,
    hints: [],
    notes: [],
    solves: [],
  },
  checks: [
    {
      ...{ id: `${id}/1`, that: "", otherwise: "" },
      claim: {
        kind: "event",
        count: null,
        event: "run.exit",
        where: { code: { kind: "equals", value: 0 } },
      },
    },
  ],
});

/** A driver whose steps leave these exit codes, attempt after attempt; "dies" ends the session. */
function session(codes: Record<string, (number | "cut" | "dies")[]>) {
  const timeline = createTimeline();
  const ran: string[] = [];
  const run = async (id: string): Promise<void> => {
    ran.push(id);
    const code = codes[id]?.shift() ?? 0;
    const start: Event = { kind: "step.start", t: 0, step: id };
    if (code === "cut") return timeline.append([start]);
    if (code !== "dies") {
      const exit: Event = { kind: "run.exit", t: 1, run: 1, code };
      return timeline.append([start, exit, { kind: "step.end", t: 2, step: id }]);
    }
    timeline.append([{ kind: "session.end", t: 1, reason: "failed" }]);
    timeline.end();
  };
  const driver = { mode: { kind: "live" }, run, interrupt() {}, async leave() {} };
  const lesson = { id: "x", steps: [step("a"), step("b"), step("c")] };
  return { session: { lesson, driver, timeline } as unknown as Session, ran };
}

const walker = (answers: Partial<Walker> = {}): Walker => ({
  begin() {},
  ready: async () => true,
  ended() {},
  again: async () => null,
  ...answers,
});

test("goes through all steps, and counts them", async () => {
  const { session: all, ran } = session({});
  expect(await walk(all, null, walker())).toBe("finished");
  expect(ran).toEqual(["a", "b", "c"]);
  expect(sessionSummary(all, null)).toMatchObject({ steps: 3, passed: 3, failed: 0 });
});

test("stops at a failed check, unless the learner tries again", async () => {
  const once = session({ b: [1] });
  expect(await walk(once.session, null, walker())).toBe("failed");
  expect(once.ran).toEqual(["a", "b"]);
  const twice = session({ b: [1, 0] });
  expect(await walk(twice.session, null, walker({ again: async () => "run" }))).toBe("finished");
  expect(twice.ran).toEqual(["a", "b", "b", "c"]);
});

test("leaves when the learner does", async () => {
  const { session: left, ran } = session({});
  const ready = async ({ id }: SelectedStep): Promise<boolean> => id !== "b";
  expect(await walk(left, null, walker({ ready }))).toBe("left");
  expect(ran).toEqual(["a"]);
});

test("a session that ends by itself ends the walk, also on the way to --from", async () => {
  const ended: string[] = [];
  const noting = walker({ ended: ({ id }) => ended.push(id) });
  const dead = session({ b: ["dies"] });
  expect(await walk(dead.session, null, noting)).toBe("failed");
  expect([dead.ran, ended]).toEqual([["a", "b"], ["a"]]);
  const early = session({ a: ["dies"] });
  expect(await walk(early.session, "c", noting)).toBe("failed");
  expect(early.ran).toEqual(["a"]);
});

test("a step that never ended is no success", async () => {
  const cut = session({ b: ["cut"] });
  expect(await walk(cut.session, null, walker())).toBe("failed");
  expect(cut.ran).toEqual(["a", "b"]);
});

test("--from runs what comes before without counting it", async () => {
  const { session: late, ran } = session({});
  expect(await walk(late, "c", walker())).toBe("finished");
  expect(ran).toEqual(["a", "b", "c"]);
  expect(sessionSummary(late, "c")).toMatchObject({ steps: 1, checks: 1, passed: 1 });
  await expect(walk(late, "nope", walker())).rejects.toThrow('no step "nope"');
});
