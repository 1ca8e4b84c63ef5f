import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { decodeRecording } from "../../src/timeline/recording.ts";
import { createTimeline, type Timeline } from "../../src/timeline/timeline.ts";
import type { World } from "../../src/timeline/world.ts";
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

/** A lesson over and over again, each time with other processes. */
function manyTimes(times: number): Event[] {
  const one = recorded("cgroups.v1").filter(({ kind }) => kind !== "session.end");
  return Array.from({ length: times }, (_, time) => one.map((event) => later(event, time))).flat();
}

function later(event: Event, time: number): Event {
  const of = (pid: number): number => pid + time * 10_000;
  if (event.kind === "process.fork") return { ...event, pid: of(event.pid), ppid: of(event.ppid) };
  if (event.kind !== "process.exec" && event.kind !== "process.exit") return event;
  return { ...event, pid: of(event.pid) };
}

/** Enough of a world to know another one by. */
function seen({ processes, cgroups, changes }: World): unknown {
  const all = [...processes.values()];
  return {
    changes: [changes.length, changes.at(-1)],
    pids: all.map(({ pid }) => pid).join(),
    ended: all.map(({ exit }) => exit?.t).join(),
    groups: [...cgroups.values()].map(({ files, ...group }) => [group, [...files].join()]),
  };
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
    const many = manyTimes(60);
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

  test("so does going far on from there, and back to now looks at none", () => {
    const { timeline, looks } = counted(manyTimes(60));
    const end = timeline.events.length;
    const worldAt = createWorldView(timeline);
    worldAt(end);
    worldAt(30);
    const first = looks();
    worldAt(end - 3000);
    expect(looks() - first).toBeLessThan(end / 10);
    const second = looks();
    expect(worldAt(end)).toEqual(foldWorld(timeline.events));
    expect(looks()).toBe(second + end);
  }, 30_000);

  test("wherever one went between, in a session so long that moments are forgotten", () => {
    const many = manyTimes(90);
    const end = many.length;
    const places = [end, end - 1, 5000, 150_000, 150_001, 149_000, 20, end - 1, end, 270_000, 7];
    const forward = createWorldView(createTimeline(many));
    const wanted = new Map(places.toSorted((a, b) => a - b).map((at) => [at, seen(forward(at))]));
    const worldAt = createWorldView(createTimeline(many));
    for (const at of places) expect(seen(worldAt(at))).toEqual(wanted.get(at));
  }, 30_000);
});
