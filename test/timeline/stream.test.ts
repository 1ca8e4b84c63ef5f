import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { createMerge } from "../../src/timeline/merge.ts";
import { printable } from "../../src/timeline/printable.ts";
import { decodeRecording, encodeEvent } from "../../src/timeline/recording.ts";
import { createTimeline } from "../../src/timeline/timeline.ts";

const event = (t: number, source = "a"): Event => ({ kind: "diagnostic", t, source, message: "" });
const times = (events: readonly Event[]): number[] => events.map(({ t }) => t);

describe("merge", () => {
  test("holds events until slower sources had their time", () => {
    const merge = createMerge(10);
    merge.push(event(5));
    merge.push(event(3));
    expect(times(merge.release(12))).toEqual([]);
    expect(times(merge.release(13))).toEqual([3]);
    merge.push(event(4));
    expect(times(merge.release(15))).toEqual([4, 5]);
  });

  test("a late event is released at once, and nothing is lost or changed", () => {
    const merge = createMerge(10);
    merge.push(event(5));
    merge.release(100);
    merge.push(event(1));
    expect(times(merge.release(100))).toEqual([1]);
    merge.push(event(200));
    merge.push(event(150));
    expect(times(merge.flush())).toEqual([150, 200]);
    expect(merge.flush()).toEqual([]);
  });

  test("events of one instant keep their order", () => {
    const merge = createMerge(0);
    for (const source of ["x", "y", "z"]) merge.push(event(7, source));
    merge.push(event(6, "first"));
    const sources = merge.flush().map((each) => (each.kind === "diagnostic" ? each.source : ""));
    expect(sources).toEqual(["first", "x", "y", "z"]);
  });
});

describe("recording", () => {
  test("what is read back is what was in memory", () => {
    const events: Event[] = [
      event(1),
      { kind: "output", t: 2, run: 1, stream: "out", text: "é\u0000\n" },
    ];
    expect(decodeRecording(events.map(encodeEvent).join("")).events).toEqual(events);
  });

  test("a torn last line costs only itself and is named", () => {
    const text = encodeEvent(event(1)) + encodeEvent(event(2)).slice(0, 9);
    expect(decodeRecording(text)).toEqual({
      events: [event(1)],
      problems: ["line 2 is not an event"],
    });
  });

  test.each(["null", "[]", "{}", '{"kind":"x"}', '{"kind":"x","t":"1"}', '{"t":1}', "\u0000"])(
    "%j is no event",
    (line) => expect(decodeRecording(line).events).toEqual([]),
  );

  test.each([
    { kind: "syscall", t: 1 },
    { kind: "process.exec", t: 1, pid: 3, argv: "ls" },
    { kind: "process.exec", t: 1, pid: "3" },
    { kind: "cgroup.create", t: 1, hierarchy: "", path: "/a", files: [1] },
    {
      kind: "cgroup.change",
      t: 1,
      hierarchy: "",
      path: "/a",
      file: "f",
      before: null,
      after: null,
    },
    { kind: "lab.ready", t: 1, lab: "x", pid: 1, namespaces: {}, hierarchies: [{}], lacks: [] },
    { kind: "lab.ready", t: 1, lab: "x", pid: 1, namespaces: {}, hierarchies: [], lacks: [null] },
  ])("%j has not the shape of its kind", (odd) =>
    expect(decodeRecording(JSON.stringify(odd)).events).toEqual([]),
  );

  test.each(["v1", "v2"])("every line of the shipped recording for %s is an event", (variant) => {
    const file = new URL(`../../fixtures/recordings/cgroups.${variant}.ndjson`, import.meta.url);
    expect(decodeRecording(readFileSync(file, "utf8")).problems).toEqual([]);
  });

  test("unknown kinds are kept for readers that know them", () => {
    expect(decodeRecording('{"kind":"later.kind","t":1}').events).toHaveLength(1);
  });
});

describe("timeline", () => {
  test("tells its listeners, until they have had enough", () => {
    const timeline = createTimeline([event(1)]);
    let heard = 0;
    const stop = timeline.subscribe(() => heard++);
    timeline.append([event(2)]);
    timeline.append([]);
    stop();
    timeline.append([event(3)]);
    expect([heard, timeline.events.length]).toEqual([1, 3]);
    timeline.end();
    expect(timeline.ended).toBe(true);
    expect(() => timeline.append([event(4)])).toThrow("ended");
  });
});

describe("printable", () => {
  test.each([
    ["\x1b[31mred\x1b[0m", "␛[31mred␛[0m"],
    ["bell\x07 nul\x00 del\x7f", "bell␇ nul␀ del␡"],
    ["c1 \x9b2J", "c1 \\x9b2J"],
    ["right\u202eleft", "right\\u202eleft"],
    ["tab\tend\r\n", "tab    end␍\n"],
    ["plain é 日本", "plain é 日本"],
  ])("%j", (text, shown) => expect(printable(text)).toBe(shown));

  test("leaves no control character but the newline", () => {
    const all = Array.from({ length: 0x2100 }, (_, code) => String.fromCharCode(code)).join("");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(printable(all)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
  });
});
