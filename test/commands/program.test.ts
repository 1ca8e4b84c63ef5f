import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { decodeRecording, encodeEvent } from "../../src/timeline/recording.ts";

/** The program itself, without a terminal, on recordings: its words and its exit status. */

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "tsi-program-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SHIPPED = join(root, "fixtures/recordings/cgroups.v1.ndjson");
const { events: shipped } = decodeRecording(readFileSync(SHIPPED, "utf8"));

function run(args: readonly string[], stdout: "pipe" | number = "pipe") {
  const argv = ["--conditions=source", join(root, "src/cli.ts"), ...args];
  const {
    status,
    stdout: out,
    stderr,
  } = spawnSync(process.execPath, argv, {
    encoding: "utf8",
    stdio: ["ignore", stdout, "pipe"],
  });
  return { status, out: out ?? "", err: stderr };
}

function replay(file: string, ...options: string[]) {
  return run(["lesson", "cgroups", "--replay", file, ...options]);
}

function recordingOf(name: string, events: readonly Event[]): string {
  const file = join(folder, name);
  writeFileSync(file, events.map(encodeEvent).join(""));
  return file;
}

/** The same session in which no file that a check asks about was there. */
const failing = shipped.map((event): Event => {
  return event.kind === "probe" ? { ...event, text: null } : event;
});

describe("a replay without a terminal", () => {
  test("all checks passed: 0, the summary last, and what --record kept is what was said", () => {
    const copy = join(folder, "copy.ndjson");
    const { status, out, err } = replay(SHIPPED, "--json", "--record", copy);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    const lines = out.trimEnd().split("\n");
    expect(JSON.parse(lines.pop() ?? "")).toMatchObject({ kind: "summary", failed: 0, steps: 22 });
    expect(readFileSync(copy, "utf8").trimEnd().split("\n")).toEqual(lines);
    expect(decodeRecording(out).problems).toEqual([]);
  });

  test("a failed check: 1, and nothing is played after it", () => {
    const { status, out } = replay(recordingOf("failing", failing), "--json", "--auto");
    expect(status).toBe(1);
    const summary = JSON.parse(out.trimEnd().split("\n").at(-1) ?? "");
    expect(summary).toMatchObject({ steps: 2, failed: 1 });
  });
});

test("a recording is not played onto itself: it would be emptied first", () => {
  const file = recordingOf("kept", shipped);
  const { status, err } = replay(file, "--json", "--record", `${folder}/./kept`);
  expect({ status, err }).toEqual({
    status: 2,
    err: `tsinternals: ${file} cannot be played and recorded at once\n  try: --record another file\n`,
  });
  expect(decodeRecording(readFileSync(file, "utf8")).events).toEqual(shipped);
});

describe("a recording that is not whole", () => {
  test("one that breaks off plays to the break, says where, and is no success", () => {
    const cut = shipped.slice(0, shipped.findIndex(({ kind }) => kind === "step.end") + 5);
    const { status, out } = replay(recordingOf("cut", cut), "--plain");
    expect(status).toBe(1);
    expect(out).toContain('replay: the recording ends before the end of step "directory"');
    expect(out).toContain("1 step, 1 check: 1 passed, 0 failed");
  });

  test("lines that are no events are left out, and the replay says so", () => {
    const [start, ...rest] = shipped;
    const odd = [
      { kind: "syscall", t: 1 },
      { kind: "process.exec", t: 1, pid: 3, argv: 7 },
    ];
    const { status, out } = replay(
      recordingOf("odd", [start, ...odd, ...rest] as Event[]),
      "--plain",
    );
    expect(status).toBe(0);
    expect(out).toContain(
      "recording: lines that cannot be read are left out: 2 (line 2 is not an event)",
    );
  });

  test.each([
    ["nothing", ""],
    ["bytes", "\u0000\n\u0001{"],
    ["no host", `${JSON.stringify({ ...shipped[0], host: undefined })}\n`],
    ["no date", `${JSON.stringify({ ...shipped[0], startedAt: 5 })}\n`],
  ])("with %s in it, it is none", (name, text) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    const { status, err } = replay(file);
    expect({ status, err }).toEqual({
      status: 2,
      err: `tsinternals: ${file} is not a recording\n  try: record one with --record FILE\n`,
    });
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
const EVIL = "\x1b]0;owned\x07\x9b31m\u202e";

describe("nothing hostile reaches the terminal", () => {
  test("from what a recording says about its host and its helper", () => {
    const [start, ...rest] = shipped;
    if (start?.kind !== "session.start") throw new Error("no session.start");
    const { host } = start;
    const evil: Event[] = [
      { ...start, startedAt: EVIL, host: { ...host, kernel: `6${EVIL}` } },
      { kind: "diagnostic", t: 0, source: "helper", message: EVIL },
      ...rest,
    ];
    const { status, out, err } = replay(recordingOf("evil", evil), "--plain");
    expect(status).toBe(0);
    expect(out).toContain("Linux 6␛]0;owned");
    expect(out).not.toMatch(UNSAFE);
    expect(err).toContain("␛]0;owned");
    expect(err).not.toMatch(UNSAFE);
  });

  test("from a recording of a lesson with an evil name", () => {
    const start = { ...shipped[0], lesson: EVIL } as Event;
    const { status, err } = replay(recordingOf("other", [start]));
    expect(status).toBe(2);
    expect(err).toContain("is a recording of lesson ␛]0;owned");
    expect(err).not.toMatch(UNSAFE);
  });
});

test("output that cannot be written ends it with one sentence", () => {
  const full = openSync("/dev/full", "w");
  const { status, err } = run(["list"], full);
  closeSync(full);
  expect(status).toBe(1);
  expect(err).toBe("tsinternals: cannot write the output (ENOSPC)\n  try: free some space\n");
});

test.each([
  [["lst"], "unknown command 'lst'", "list"],
  [["lesson", "cgroups", "--replai"], "unknown option '--replai'", "--replay"],
  [
    ["lesson", "cgrops"],
    'there is no lesson "cgrops"',
    expect.stringMatching(/^tsinternals lesson cgroups;/),
  ],
  [
    ["lesson", "cgroups", "--from", "ooom"],
    'lesson cgroups has no step "ooom"',
    expect.stringMatching(/^oom; its steps: where/),
  ],
  [["--bogus-thing"], "unknown option '--bogus-thing'", "tsinternals --help"],
  [["doctor", "--bogus-thing"], "unknown option '--bogus-thing'", "tsinternals doctor --help"],
  [["watch"], "watch whom? docker is all it can watch", "tsinternals watch docker"],
  [["watch", "podman"], 'docker is all it can watch, not "podman"', "tsinternals watch docker"],
  [["completion"], "for which shell? bash, zsh or fish", "tsinternals completion bash"],
  [
    ["lesson"],
    expect.stringMatching(/^which lesson\? there is cgroups, /),
    "tsinternals lesson cgroups",
  ],
  [["cgroups"], "cgroups is a lesson, not a command", "tsinternals lesson cgroups"],
  [
    ["lesson", "--replay", "cgroups"],
    "--replay took cgroups for its file",
    "tsinternals lesson cgroups --replay",
  ],
  [["help", "lst"], 'there is no command "lst"', "tsinternals --help"],
  [
    ["lesson", "docker-run", "--host-docker", "--replay"],
    "--replay wants a FILE there",
    "tsinternals watch docker --replay FILE",
  ],
])("%s: what is wrong and what was probably meant", (args, what, fix) => {
  const { status, err, out } = run(args);
  const [, said, tried] = /^tsinternals: (.*)\n {2}try: (.*)\n$/.exec(err) ?? [];
  expect({ status, out, said, tried }).toEqual({ status: 2, out: "", said: what, tried: fix });
});
