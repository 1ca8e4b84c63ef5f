import { describe, expect, test } from "vitest";
import { openLiveSession } from "../../src/commands/live-session.ts";
import { loadLesson } from "../../src/commands/load-lesson.ts";
import { readHostFacts } from "../../src/host/host-facts.ts";
import { checkResults } from "../../src/lesson/check.ts";
import type { Lesson } from "../../src/lesson/lesson.ts";
import type { Event } from "../../src/timeline/event.ts";
import { succeeds } from "./native-helper.ts";
import { whyNotLive } from "./program.ts";

const LEGACY = "/usr/sbin/iptables-legacy";
/** Debian's choice of the two (update-alternatives(1)); the lab's /etc is its own. */
const ALTERNATIVE = "/etc/alternatives/iptables";
const why =
  whyNotLive() ??
  (succeeds(LEGACY, "-V") && succeeds("test", "-e", ALTERNATIVE)
    ? null
    : "needs Debian's iptables (apt-get install -y iptables)");
/** What comes after it asks nothing more of iptables. */
const LAST = "second";
/** Only nft(8) knows what it does in that step. */
const WITHOUT = ["nft", "range"];

/** The lesson as on a host where iptables is the old one, up to the last step with rules. */
function onLegacy(lesson: Lesson): Lesson {
  const last = lesson.steps.findIndex(({ id }) => id === LAST);
  const [first, ...rest] = lesson.steps
    .slice(0, last + 1)
    .filter(({ id }) => !WITHOUT.includes(id));
  if (last === -1 || first === undefined) throw new Error(`${lesson.id} has no step ${LAST}`);
  const at = first.parts.findIndex(({ kind }) => kind === "run");
  const choose = { kind: "run", variant: null, line: 1 } as const;
  const script = `ln -sf ${LEGACY} ${ALTERNATIVE}; iptables -V; iptables -t nat -S`;
  const parts = first.parts.toSpliced(at, 0, { ...choose, script });
  return { ...lesson, steps: [{ ...first, parts }, ...rest] };
}

describe.skipIf(why !== null)(
  `bridges on iptables-legacy${why === null ? "" : ` (${why})`}`,
  () => {
    test("every check holds there too", { timeout: 120_000 }, async ({ skip }) => {
      const facts = { ...(await readHostFacts()), strace: null };
      const lesson = onLegacy(await loadLesson("bridge-iptables"));
      const session = await openLiveSession(lesson, facts, "root");
      const { driver, timeline } = session;
      const texts = (kind: Event["kind"]) =>
        timeline.events.flatMap((event) =>
          event.kind === kind && "text" in event ? [String(event.text)] : [],
        );
      try {
        for (const { id, checks } of session.lesson.steps) {
          await driver.run(id);
          if (texts("output").join("").includes("Table does not exist"))
            return skip("this kernel has no tables for iptables-legacy");
          const failed = checkResults(checks, timeline.events, id).filter(
            ({ outcome }) => outcome === "failed",
          );
          expect(failed.map(({ check, detail }) => `${check.id}: ${detail}`)).toEqual([]);
        }
        expect(texts("output").join("")).toMatch(/iptables v[\d.]+ \(legacy\)/);
        const rules = timeline.events.filter(({ kind }) => kind === "rule.add");
        expect(rules.length).toBeGreaterThan(10);
        expect(rules.filter((rule) => !("legacy" in rule && rule.legacy))).toEqual([]);
      } finally {
        await driver.leave("finished");
      }
    });
  },
);
