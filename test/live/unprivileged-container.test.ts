import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeReadableCopy } from "./program.ts";
import { type Confinement, inContainer, whyNoContainer } from "./unprivileged-container.ts";

/** The program in a container as `docker run` makes it: what it says, and whether it is so. */

const why = whyNoContainer();
if (why) console.log(`SKIP unprivileged container: ${why}`);
const folder = mkdtempSync(join(tmpdir(), "tsi-unprivileged-"));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where a lesson without needs of its own is live as soon as there is a lab. */
const LESSON = "overlayfs";

interface Answers {
  readonly doctor: { ok: boolean; findings: { id: string; ok: boolean; found: string }[] };
  readonly list: { id: string; live: boolean }[];
  readonly mode: string;
  readonly failed: number;
  readonly said: string;
}

function ask(confinement: Confinement): Answers {
  const program = `${folder}/copy/node ${folder}/copy/dist/tsinternals.mjs`;
  const script = `${program} doctor --json; echo; echo ---; ${program} list --json; echo; echo ---
    ${program} lesson ${LESSON} --auto --json | tail -n 1`;
  const { stdout, stderr } = inContainer(folder, confinement, script);
  const parts = stdout.split("\n---\n");
  expect(parts, stderr).toHaveLength(3);
  const [doctor, list, summary] = parts.map((part) => JSON.parse(part));
  return { doctor, list, mode: summary.mode, failed: summary.failed, said: stderr };
}

describe.skipIf(why)("in an unprivileged container", { timeout: 60_000 }, () => {
  beforeAll(() => makeReadableCopy(join(folder, "copy")));

  test.each<[string, Confinement, RegExp]>([
    [
      "its root lacks CAP_SYS_ADMIN",
      { uid: 0, seccomp: true, masked: true },
      /^this is a container's root, without CAP_SYS_ADMIN, and can make no lab$/,
    ],
    [
      "its root lacks it without a filter, too",
      { uid: 0, seccomp: false, masked: false },
      /^this is a container's root, without CAP_SYS_ADMIN, and can make no lab$/,
    ],
    [
      "a user's namespaces are refused by the filter",
      { uid: 1000, seccomp: true, masked: true },
      /^this container's seccomp filter refuses user namespaces$/,
    ],
    [
      "without a filter, the hidden parts of /proc are in the way",
      { uid: 1000, seccomp: false, masked: true },
      /^parts of \/proc are hidden here \(\/proc\/\w+\), so that no lab can have its own$/,
    ],
  ])("%s: doctor, list and the lesson say so, and the recording plays", (_, confinement, what) => {
    const { doctor, list, mode, failed, said } = ask(confinement);
    expect(doctor.ok).toBe(false);
    const wanting = doctor.findings.filter(({ ok }) => !ok).map(({ found }) => found);
    const sentence = wanting.find((found) => what.test(found));
    expect(sentence, wanting.join("\n")).toBeDefined();
    expect(list.filter(({ live }) => live)).toEqual([]);
    expect([mode, failed]).toEqual(["replay", 0]);
    expect(said).toContain(`not live because ${sentence}`);
  });

  test("with neither filter nor hidden parts a user's lab runs, as the doctor says", () => {
    const { doctor, list, mode, failed, said } = ask({ uid: 1000, seccomp: false, masked: false });
    expect(doctor.findings.find(({ id }) => id === "lab")).toMatchObject({ ok: true });
    expect(list.find(({ id }) => id === LESSON)?.live, said).toBe(true);
    expect([mode, failed], said).toEqual(["live", 0]);
  });
});
