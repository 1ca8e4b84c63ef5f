import { type HostFacts, readHostFacts } from "../host/host-facts.ts";
import { isInstalled, type SetupPlan, setupPlan } from "../host/setup.ts";
import type { Lesson } from "../lesson/lesson.ts";
import type { Need } from "../lesson/needs.ts";
import { UserError } from "../user-error.ts";
import { loadLesson, loadLessons } from "./load-lesson.ts";
import { consents, runPlan, showPlan } from "./run-plan.ts";

const ASKED = { input: process.stdin, output: process.stdout } as const;

/** `tsinternals setup [LESSON]`: installs what live lessons use and this machine lacks, on consent. */
export async function setupCommand(
  lesson: string | null,
  { yes }: { yes: boolean },
): Promise<number> {
  const needs = needsOf(lesson === null ? await loadLessons() : [await loadLesson(lesson)]);
  const facts = await readHostFacts();
  if (facts.platform !== "linux")
    throw new UserError(
      "lessons run live on Linux only",
      "a Linux machine or VM; here recordings play",
      3,
    );
  const plan = planFor(facts, needs);
  const none =
    facts.installer === null
      ? "no package manager we know is here"
      : `${facts.installer} has no package of it`;
  for (const program of plan.unavailable) say(`${program} is missing, and ${none}`);
  if (plan.commands.length === 0) {
    if (plan.unavailable.length > 0) return 3;
    say("nothing to install: all that the lessons use is here");
    return 0;
  }
  showPlan(plan, ASKED);
  if (!yes && !(await consents(ASKED, "Run it?"))) {
    say("nothing was run; tsinternals setup --yes runs it");
    return 3;
  }
  await runPlan(plan);
  return verdict(planFor(await readHostFacts(), needs));
}

function needsOf(lessons: readonly Lesson[]): Need[] {
  return lessons.flatMap(({ needs, steps }) => [...needs, ...steps.flatMap((step) => step.needs)]);
}

function planFor(facts: HostFacts, needs: readonly Need[]): SetupPlan {
  const becomeRoot = facts.root ? [] : ["sudo"];
  const plan = setupPlan(facts, needs, { becomeRoot, newuidmap: isInstalled("newuidmap") });
  const wanted = plan.commands.find(([program]) => program === "sudo");
  if (wanted !== undefined && !isInstalled("sudo"))
    throw new UserError("installing needs root", `as root: ${wanted.slice(1).join(" ")}`, 3);
  return plan;
}

function verdict({ commands, unavailable }: SetupPlan): number {
  const done = commands.length === 0 && unavailable.length === 0;
  say(
    done
      ? "done: all that the lessons use is here"
      : "something is still missing: tsinternals doctor",
  );
  return done ? 0 : 3;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
