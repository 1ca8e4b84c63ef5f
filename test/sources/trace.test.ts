import { describe, expect, test } from "vitest";
import { createTraceReader, straceCommand } from "../../src/sources/trace.ts";
import type { Event } from "../../src/timeline/event.ts";

const options = {
  run: 3,
  fromMicroseconds: (micros: number) => (micros - 1_700_000_000_000_000) * 1000,
  now: () => -1,
  hostPid: (labPid: number) => (labPid === 12 ? 4012 : undefined),
};
const read = (text: string): Event[] => {
  const reader = createTraceReader(options);
  return [...reader.push(text), ...reader.end()];
};

describe("what strace writes becomes events", () => {
  test("a call, with its time, its processes' two numbers and strace's own spelling", () => {
    const line =
      '12    1700000000.000005 write(1</sys/fs/cgroup/memory/demo/tasks>, "0\\n", 2) = -1 ENOSPC (No space left on device) <0.000021>\n';
    expect(read(line)).toEqual([
      {
        kind: "syscall",
        t: 5000,
        run: 3,
        labPid: 12,
        pid: 4012,
        name: "write",
        args: ["1</sys/fs/cgroup/memory/demo/tasks>", '"0\\n"', "2"],
        result: "-1",
        errno: "ENOSPC",
        seconds: 0.000021,
      },
    ]);
  });

  test("a call in two halves is one event at its beginning; one that never returned has no result", () => {
    const events = read(
      "12    1700000000.000001 vfork( <unfinished ...>\n" +
        '13    1700000000.000002 execve("/bin/true", ["true"], 0x7ff /* 1 var */) = 0 <0.000100>\n' +
        "12    1700000000.000003 <... vfork resumed>) = 13 <0.000002>\n" +
        "13    1700000000.000004 pause( <unfinished ...>\n" +
        "13    1700000000.000009 +++ killed by SIGKILL +++\n",
    );
    expect(events.map((event) => [event.kind, event.t])).toEqual([
      ["syscall", 2000],
      ["syscall", 1000],
      ["syscall", 4000],
      ["trace.signal", 9000],
    ]);
    expect(events[2]).not.toHaveProperty("result");
    expect(events[3]).toMatchObject({
      event: "killed",
      signal: "SIGKILL",
      text: "+++ killed by SIGKILL +++",
    });
  });

  test("what is not strace's is kept as it is", () => {
    expect(read("strace: something odd\n")).toEqual([
      { kind: "trace.other", t: -1, run: 3, text: "strace: something odd" },
    ]);
  });

  test("any chunking gives the same", () => {
    const text =
      "12    1700000000.000005 exit_group(0) = ?\n12    1700000000.000006 +++ exited with 0 +++\n";
    for (let cut = 0; cut <= text.length; cut++) {
      const reader = createTraceReader(options);
      const events = [
        ...reader.push(text.slice(0, cut)),
        ...reader.push(text.slice(cut)),
        ...reader.end(),
      ];
      expect(events).toEqual(read(text));
    }
  });
});

describe("the command", () => {
  test("keeps the traced program our child and tolerates calls an architecture lacks", () => {
    const filter = { calls: ["execve", "fork"], strings: 4096 };
    const command = straceCommand(filter, "/run/tsi/trace.1", ["/bin/sh", "-c", "x"]);
    expect(command.slice(0, 2)).toEqual(["strace", "-D"]);
    expect(command).toContain("trace=?execve,?fork");
    expect(command.join(" ")).toContain(" -s 4096 ");
    expect(command.slice(-4)).toEqual(["--", "/bin/sh", "-c", "x"]);
  });
});
