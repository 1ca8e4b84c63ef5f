import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build, helperCommand, native, targets } from "../native-fuzz/helper-command.ts";
import { runSession } from "../native-fuzz/session.ts";
import { makeSession } from "../native-fuzz/session-input.ts";
import { createRandom } from "../strace-parser/fuzz-inputs.ts";
import { find, isWritable, folder as source, spared, unable } from "./native-helper.ts";
import { rootlessUnable } from "./rootless-helper.ts";

const PARTS = [
  "connector",
  "journal",
  "json",
  "legacy",
  "messages",
  "mountinfo",
  "netlink",
  "nsmounts",
  "stages",
  "text",
  "tree",
];
const why = spared || (isWritable(source) ? "" : "needs native/ writable");

// For longer: npm run fuzz:native -- --seconds 600
describe.skipIf(why)(`the helper under fire${why && ` (${why})`}`, { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "tsi-fire-"));
  const copy = join(folder, "tsi-lab");
  beforeAll(() => {
    build();
    chmodSync(folder, 0o755);
    copyFileSync(join(native, "build/check/tsi-lab"), copy);
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("every part is fuzzed", () => {
    expect(PARTS.filter((name) => !readdirSync(targets).includes(name))).toEqual([]);
  });

  test.each(PARTS)("%s: 20,000 inputs", (name) => {
    const options = ["--runs", "20000", "--seconds", "40", "--seed", "7", "--out", folder];
    const said = execFileSync(join(targets, name), options, { encoding: "utf8" });
    expect(said).toBe(`${name}: seed 7: 20000 execs\n`);
  });

  test.for([
    ["root", unable],
    ["rootless", rootlessUnable],
  ] as const)("%s: 25 sessions of requests right and wrong", async ([mode, reason], { skip }) => {
    skip(reason !== "", reason);
    const random = createRandom(7);
    for (let session = 0; session < 25; session++) {
      const input = makeSession(random, mode);
      const { fault } = await runSession(helperCommand(mode, copy), input);
      expect(
        fault && {
          fault,
          input: Buffer.concat([...input.chunks])
            .toString()
            .slice(0, 2000),
        },
      ).toBeNull();
    }
    expect(find("tsi-fz-*")).toEqual([]);
  });
});
