import { describe, expect, test } from "vitest";
import { changeLines, checkLines, eventLines } from "../../src/commands/transcript.ts";
import type { Event } from "../../src/timeline/event.ts";

const lines = (event: Event, traced = true): string[] => eventLines(event, traced);

describe("the transcript", () => {
  test("a call reads as strace writes it", () => {
    const event: Event = {
      kind: "syscall",
      t: 1_234_567_890,
      run: 1,
      labPid: 12,
      name: "mkdir",
      args: ['"/x"', "0777"],
      result: "-1",
      errno: "EEXIST",
      seconds: 0.00002,
    };
    expect(lines(event)).toEqual(['     1.235s  [12] mkdir("/x", 0777) = -1 EEXIST <0.000020>']);
  });

  test("processes are told by strace where it watches, by the kernel's events elsewhere", () => {
    const exec: Event = { kind: "process.exec", t: 0, pid: 9, labPid: 2, argv: ["ls", "-l"] };
    expect(lines(exec, true)).toEqual([]);
    expect(lines(exec, false)).toEqual(["     0.000s  [2] runs ls -l"]);
    const killed: Event = { kind: "process.exit", t: 0, pid: 9, comm: "dd", signal: "SIGKILL" };
    expect(lines(killed, true)).toEqual(["     0.000s  [host 9] dd killed by SIGKILL"]);
  });

  test("nothing from the lab reaches the terminal as it is", () => {
    const evil = "\x1b]0;x\x07\x9b2J";
    const events: Event[] = [
      { kind: "output", t: 0, run: 1, stream: "out", text: `${evil}\n${evil}` },
      { kind: "process.exec", t: 0, pid: 1, argv: [evil] },
      { kind: "cgroup.create", t: 0, hierarchy: "memory", path: `/${evil}`, files: [] },
      { kind: "syscall", t: 0, run: 1, labPid: 1, name: "execve", args: [evil] },
      { kind: "diagnostic", t: 0, source: "x", message: evil },
    ];
    const shown = events.flatMap((event) => lines(event, false)).join("");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them
    expect(shown).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    expect(shown).toContain("␛]0;x␇");
  });

  test("a change says who made it; the lab's own groups are left out", () => {
    const change = {
      t: 0,
      at: 2,
      hierarchy: "memory",
      path: "/demo",
      file: "memory.limit_in_bytes",
    };
    const written = { kind: "write", labPid: 12, text: null, at: 1 } as const;
    expect(changeLines({ ...change, before: "1", after: "2", cause: written })).toEqual([
      "     0.000s  memory/demo memory.limit_in_bytes: 1 → 2  (a write by 12)",
    ]);
    expect(changeLines({ ...change, path: "/", before: "1", after: "2", cause: written })).toEqual(
      [],
    );
  });

  test("a failed check says what was found and what to look at", () => {
    const check = { id: "a/1", that: "It holds.", otherwise: "Look there.", claim: {} as never };
    expect(checkLines([{ check, outcome: "failed", detail: "x is 1" }])).toEqual([
      "  ✗ failed: It holds.",
      "      x is 1",
      "      Look there.",
    ]);
    expect(checkLines([{ check, outcome: "skipped", detail: "EACCES" }])).toEqual([
      "  - could not check: It holds.",
      "      EACCES",
    ]);
  });
});
