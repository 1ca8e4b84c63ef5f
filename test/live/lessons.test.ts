import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { readHostFacts } from "../../src/host/host-facts.ts";
import { missingForLive } from "../../src/host/live.ts";
import type { Lesson } from "../../src/lesson/lesson.ts";
import { parseLesson } from "../../src/lesson/parse.ts";
import { giveCgroups } from "./given-cgroups.ts";
import { hostFingerprint, makeReadableCopy, root, tsinternals, whyNotLive } from "./program.ts";
import { asUser, place, rootlessUnable, uidOf, withAccounts } from "./rootless-helper.ts";

/** Every lesson there is proves itself; none is listed by hand. */
const lessons = readdirSync(join(root, "lessons"))
  .filter((id) => existsSync(join(root, "lessons", id, "lesson.md")))
  .map((id) => {
    const file = join(root, "lessons", id, "lesson.md");
    return parseLesson(readFileSync(file, "utf8"), file);
  });
/** Its own test takes it without root, and looks closer. */
const TAKEN_ELSEWHERE = ["cgroups"];
/** What a lab without root never has (native/README.md, "Modes"). */
const ROOT_ONLY = ["root", "mknod", "loop"];
/** Not the other tests' user: they look at what theirs leaves. */
const LEARNER = 54_323;
const why = whyNotLive();

interface Proved {
  readonly figures: readonly string[];
  readonly skips: readonly string[];
  readonly exitCode: number | undefined;
}

/** What `lesson test` printed: all of it is in the message when a figure is short. */
function proved({ stdout, stderr, exitCode }: Awaited<ReturnType<typeof tsinternals>>): Proved {
  const lines = `${stdout}\n${stderr}`.split("\n");
  const figures = lines.filter((line) => /^\S+ \d+ \d+ (ok|short)$/.test(line));
  const skips = lines.filter((line) => line.startsWith("SKIP "));
  const bad = lines.filter((line) => /TRUE BEFORE|AFTER:|WARNING:|left behind:| short$/.test(line));
  expect(bad).toEqual([]);
  expect(exitCode === 0 || exitCode === 3 ? [] : lines).toEqual([]);
  return { figures, skips, exitCode };
}

describe.skipIf(why !== null)(`each lesson proves itself${why === null ? "" : ` (${why})`}`, () => {
  test.each(lessons)("$id, as root", { timeout: 300_000 }, async ({ id, needs }) => {
    const facts = await readHostFacts();
    const [missing] = missingForLive({ id, needs }, facts, "root");
    expect(missing === undefined ? "" : `${missing.what}; try: ${missing.fix}`).toBe("");
    const before = hostFingerprint();
    const { figures, exitCode } = proved(await tsinternals(["lesson", "test", id]));
    expect(figures).toContainEqual(expect.stringMatching(`^${id}-live-left-behind 0 0 ok$`));
    expect(exitCode).toBe(0);
    expect(hostFingerprint()).toBe(before);
  });
});

const rootless = lessons.filter(({ id }) => !TAKEN_ELSEWHERE.includes(id));

if (rootless.length > 0)
  describe.skipIf(rootlessUnable)("each lesson proves itself without root", () => {
    const copy = (): string => join(place(), "tsinternals");
    beforeAll(() => makeReadableCopy(copy()));

    /** A user that root makes has no range of users, unless it is given one. */
    const asLearner = (needs: readonly string[]): string[] => {
      const command = [...asUser(LEARNER), join(copy(), "node")];
      const gives = needs.includes("ids.range") && process.getuid?.() === 0;
      return gives ? withAccounts(command, LEARNER) : command;
    };
    const prove = async ({ id, needs }: Pick<Lesson, "id" | "needs">) => {
      const [program = "", ...args] = asLearner(needs);
      const options = { reject: false, stdin: "ignore", env: { CI: "" }, cwd: "/" } as const;
      const script = join(copy(), "dist/tsinternals.mjs");
      return proved(await execa(program, [...args, script, "lesson", "test", id], options));
    };

    for (const { id, needs } of rootless) {
      if (needs.some((need) => ROOT_ONLY.includes(need)))
        test(`${id} says why it does not run`, async () => {
          const { skips, exitCode } = await prove({ id, needs });
          expect(skips).toEqual([expect.stringMatching(`^SKIP ${id} live: it needs `)]);
          expect(exitCode).toBe(3);
        });
      else
        test(id, { timeout: 300_000 }, async ({ skip }) => {
          const asks = needs.some((need) => need.startsWith("cgroup"));
          const given = asks ? giveCgroups(uidOf(LEARNER)) : null;
          if (typeof given === "string") return skip(true, given);
          try {
            const before = hostFingerprint();
            const { figures, skips, exitCode } = await prove({ id, needs });
            skip(exitCode === 3, skips.join("; "));
            expect(figures).toContainEqual(
              expect.stringMatching(`^${id}-live-left-behind 0 0 ok$`),
            );
            expect(exitCode).toBe(0);
            expect(hostFingerprint()).toBe(before);
          } finally {
            given?.takeBack();
          }
        });
    }
  });
