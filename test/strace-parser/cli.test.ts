import { expect, test } from "vitest";
import { run } from "../../src/strace-parser/src/cli.ts";
import { createRoundTrip } from "../../src/strace-parser/src/cli-round-trip.ts";

const files: Readonly<Record<string, string>> = {
  "a.strace":
    '7 read(3,  <unfinished ...>\n8 close(3) = 0\n7 <... read resumed>"\xc3\xa9", 9) = 1\n',
  "b.strace": "7 +++ exited with 0 +++\nsomething else\n",
  "-": "7 close(3) = 0\n",
};

async function command(...args: string[]) {
  let printed = "";
  let complained = "";
  const status = await run(args, {
    async *read(file) {
      const text = files[file];
      if (text === undefined) throw Object.assign(new Error("open"), { code: "ENOENT" });
      const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    },
    print: async (text) => {
      printed += text;
    },
    complain: (text) => {
      complained += text;
    },
  });
  return { status, printed, complained };
}

test("check: each file, and all of them", async () => {
  expect(await command("check", "a.strace", "b.strace")).toEqual({
    status: 0,
    complained: "",
    printed: `a.strace
  lines          3
  events         2 (call 2)
  foreign lines  0
  opaque scalars 0
  round trip     ok
b.strace
  lines          2
  events         2 (exited 1, foreign 1)
  foreign lines  1
  opaque scalars 0
  round trip     ok
all 2 files
  lines          5
  events         4 (call 2, exited 1, foreign 1)
  foreign lines  1
  opaque scalars 0
  round trip     ok
`,
  });
});

test("check: a file that cannot be read is a sentence and status 2; the others are still read", async () => {
  const { status, printed, complained } = await command("check", "none", "a.strace");
  expect(status).toBe(2);
  expect(complained).toBe("strace-parser: cannot read none: there is no such file\n");
  expect(printed).toContain("round trip     ok");
});

test("json: one event a line, text as UTF-8", async () => {
  const { status, printed } = await command("json", "a.strace");
  expect(status).toBe(0);
  const events = printed
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toMatchObject([
    { type: "call", pid: 8, name: "close" },
    { type: "call", pid: 7, name: "read", args: ["3", '"é"', "9"] },
  ]);
  expect((await command("json", "-")).printed).toContain('"close"');
});

test("anything else says how it is used", async () => {
  for (const args of [[], ["check"], ["json"], ["json", "a", "b"], ["what", "a"]]) {
    const { status, complained } = await command(...args);
    expect(status).toBe(2);
    expect(complained).toContain("usage:");
  }
  expect(await command("--help")).toMatchObject({ status: 0, complained: "" });
});

test("lines are compared where they stand, however late their event comes", () => {
  const check = createRoundTrip();
  const text = "7 read(3,  <unfinished ...>\n8 x() = 0\n9 y() = 0\n7 <... read resumed>) = 0";
  for (const char of text) check.push(Uint8Array.of(char.charCodeAt(0)));
  expect(check.end()).toMatchObject({ bytes: 73, lines: 4, differing: 0, first: null });
});
