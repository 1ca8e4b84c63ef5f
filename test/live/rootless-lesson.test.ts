import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { examine } from "../../src/host/doctor.ts";
import { readHostFacts } from "../../src/host/host-facts.ts";
import { type GivenCgroups, giveCgroups } from "./given-cgroups.ts";
import { hostFingerprint, labOf, makeReadableCopy, parseLines, remains } from "./program.ts";
import { asUser, place, rootlessUnable, uidOf } from "./rootless-helper.ts";

/** Not the other tests' user: they look at what theirs leaves. */
const LEARNER = 54_322;
/** The program where an ordinary user can reach it. */
const copy = (): string => join(place(), "tsinternals");

function lesson(...args: string[]) {
  const [program = "", ...rest] = [
    ...asUser(LEARNER),
    join(copy(), "node"),
    join(copy(), "dist/tsinternals.mjs"),
  ];
  const options = { reject: false, stdin: "ignore", env: { CI: "" }, cwd: "/" } as const;
  return execa(program, [...rest, "lesson", "cgroups", "--auto", ...args], options);
}

describe.skipIf(rootlessUnable)("the cgroups lesson without root", { timeout: 120_000 }, () => {
  beforeAll(() => makeReadableCopy(copy()));

  test("plays its recording where the user has no cgroups, and says what would help", async () => {
    const facts = await readHostFacts();
    expect(examine(facts).find(({ id }) => id === "lab")?.ok).toBe(true);
    const { stdout, stderr } = await lesson("--rootless", "--json");
    expect(stderr).toContain("not live because it needs cgroup");
    expect(stderr).toContain("sudo tsinternals lesson cgroups");
    expect(parseLines(stdout).at(-1)).toMatchObject({ mode: "replay", failed: 0, unable: 0 });
  });

  test("runs live where root gave the user cgroups, but for what needs root", async ({ skip }) => {
    const given: GivenCgroups | string = giveCgroups(uidOf(LEARNER));
    if (typeof given === "string") return skip(true, given);
    try {
      const before = hostFingerprint();
      const { stdout, exitCode } = await lesson("--json");
      const lines = parseLines(stdout);
      expect(lines.at(-1)).toMatchObject({ mode: "live", failed: 0, skipped: 0, unable: 2 });
      expect(lines.at(-1)?.passed).toBe(lines.at(-1)?.checks);
      expect(lines.find(({ kind }) => kind === "lab.ready")).toMatchObject({ mode: "rootless" });
      expect(lines.find(({ kind }) => kind === "step.unable")).toMatchObject({
        step: "devices",
        why: expect.stringMatching(/^it needs root \(/),
      });
      expect(exitCode).toBe(0);
      expect(remains(labOf(lines))).toEqual([]);
      expect(hostFingerprint()).toBe(before);
    } finally {
      given.takeBack();
    }
  });
});
