import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { decodeRecording } from "../../src/timeline/recording.ts";
import { createTimeline, type Timeline } from "../../src/timeline/timeline.ts";
import { createWorldView } from "../../src/timeline/world-view.ts";

/** A timeline that counts how often an event is looked at. */
function counted(events: readonly Event[]): { timeline: Timeline; looks: () => number } {
  let looks = 0;
  const watched = new Proxy(events, {
    get(target, name, receiver) {
      if (typeof name === "string" && /^\d/.test(name)) looks++;
      return Reflect.get(target, name, receiver);
    },
  });
  return { timeline: { ...createTimeline(), events: watched }, looks: () => looks };
}

function recorded(name: string): Event[] {
  const file = new URL(`../../fixtures/recordings/${name}.ndjson`, import.meta.url);
  return [...decodeRecording(readFileSync(file, "utf8")).events];
}

describe("the world at a cursor", () => {
  test.each(["docker-run.v1", "bridge-iptables.v1", "runc-bundle.v1", "cgroups.v1"])(
    "%s: however one came there it is the fold of what is in the past",
    (name) => {
      const events = recorded(name);
      const end = events.length;
      const worldAt = createWorldView(createTimeline(events));
      const places = [end, end - 1, 4000, 3999, 3600, 2048, 2047, 30, 2500, 2499, end - 700, end];
      for (const cursor of places)
        expect(worldAt(cursor)).toEqual(foldWorld(events.slice(0, cursor)));
    },
  );

  test("going back looks at few events again, however many there are", () => {
    const one = recorded("cgroups.v1").filter(({ kind }) => kind !== "session.end");
    const many = Array.from({ length: 60 }, () => one).flat();
    const { timeline, looks } = counted(many);
    const worldAt = createWorldView(timeline);
    worldAt(many.length);
    const forward = looks();
    expect(forward).toBe(many.length);
    worldAt(many.length - 1);
    expect(looks() - forward).toBeLessThan(many.length / 10);
    const first = looks();
    for (let back = 2; back <= 200; back++) worldAt(many.length - back);
    expect((looks() - first) / 199).toBeLessThan(300);
  });
});
