import type { Lesson } from "../lesson/lesson.ts";
import type { CgroupVersion } from "../timeline/host-summary.ts";
import { SPLIT_FIX, splitText } from "./cgroup-layout.ts";
import type { HostFacts } from "./host-facts.ts";
import { buildHelperCommand } from "./packages.ts";
import { nativeFolder } from "./paths.ts";
import { installProgramsCommand, missingPrograms } from "./programs.ts";
import { givingCommand } from "./rootless.ts";

/** Something this host lacks: what, and one line that helps. */
export interface Missing {
  readonly what: string;
  readonly fix: string;
}

/** The helper is there, and execve(2) says EACCES. */
export const NOEXEC: Missing = {
  what: `${nativeFolder} is on a file system mounted noexec, so the helper cannot be executed`,
  fix: "install it where programs may be executed, or: mount -o remount,exec …",
};

/** Whose the lab is (native/README.md, "Modes"). */
export type LabMode = "root" | "rootless";

/** Root's when we are root, unless something else was asked for: who typed sudo has decided. */
export function labMode(facts: HostFacts, wanted: LabMode | null): LabMode {
  return wanted ?? (facts.root ? "root" : "rootless");
}

/** Why a lesson cannot run live here; empty when it can, as far as that is known without a lab. */
export function missingForLive(
  lesson: Pick<Lesson, "needs" | "id">,
  facts: HostFacts,
  wanted: LabMode | null = null,
): Missing[] {
  if (facts.platform !== "linux") {
    const fix = "use a Linux machine or VM; here the recording plays";
    return [{ what: `this is ${facts.platform}, and the lessons run on Linux`, fix }];
  }
  const mode = labMode(facts, wanted);
  const missing = mode === "root" ? missingForRoot(lesson, facts) : missingForUser(lesson, facts);
  const cgroups = needsCgroups(lesson) ? missingCgroups(lesson, facts) : null;
  if (cgroups !== null) missing.unshift(cgroups);
  if (facts.trouble !== null) missing.unshift(facts.trouble);
  missing.push(...missingProgramsOf(lesson, facts));
  if (!facts.helper) {
    const fix = buildHelperCommand(facts.installer);
    missing.push({ what: "the native helper is not built", fix });
  }
  if (facts.noexec) missing.push(NOEXEC);
  return missing;
}

function missingProgramsOf({ needs }: Pick<Lesson, "needs">, facts: HostFacts): Missing[] {
  const missing = missingPrograms(needs, facts);
  if (missing.length === 0) return [];
  const are = missing.length === 1 ? "which is" : "which are";
  const what = `it needs ${missing.join(", ")}, ${are} not installed`;
  return [{ what, fix: installProgramsCommand(missing, facts) }];
}

function missingForRoot(lesson: Pick<Lesson, "id">, facts: HostFacts): Missing[] {
  return facts.root ? [] : [{ what: "a root lab needs root", fix: withSudo(lesson) }];
}

/** What nobody has here, root neither. */
function missingCgroups(lesson: Pick<Lesson, "needs">, { cgroup }: HostFacts): Missing | null {
  if (cgroup.version === "none") {
    const fix = "mount the cgroup file system (cgroups(7)), or use a machine or VM that has it";
    return { what: "no cgroup tree with the memory controller is mounted", fix };
  }
  const offered = cgroup.version === "v1" ? cgroup.v1 : cgroup.v2;
  const absent = absentControllers(lesson, cgroup.version, offered);
  if (absent.length === 0) return null;
  const split = splitText(cgroup);
  if (split !== null) return { what: `the cgroup controllers are ${split}`, fix: SPLIT_FIX };
  const what = `it needs ${absent.join(", ")}, and this kernel's cgroup ${cgroup.version} has none`;
  return { what, fix: "cgroup_disable= on the kernel's command line may forbid it" };
}

/** What root alone can give, and what a user could have but has not. */
function missingForUser(lesson: Pick<Lesson, "needs" | "id">, facts: HostFacts): Missing[] {
  const { uid, trouble, delegation, range } = facts.rootless;
  if (uid === null)
    return [
      {
        what: "a rootless lab belongs to an ordinary user, and this is root with none behind it",
        fix: `as a user: tsinternals lesson ${lesson.id}`,
      },
    ];
  if (lesson.needs.includes("root")) return [{ what: "it needs root", fix: withSudo(lesson) }];
  if (trouble !== null)
    return [{ what: trouble.what, fix: `${withSudo(lesson)}, or: ${trouble.fix}` }];
  if (needsCgroups(lesson) && delegation === null)
    return [
      {
        what: `it needs cgroups, and none are the user's own (uid ${uid})`,
        fix: `${withSudo(lesson)}; or as tsinternals doctor says`,
      },
    ];
  if (lesson.needs.includes("ids.range") && !range)
    return [
      {
        what: `it needs more users than one, and user ${uid} has no others (subuid(5), newuidmap(1))`,
        fix: `${withSudo(lesson)}; or as tsinternals doctor says`,
      },
    ];
  const { version } = facts.cgroup;
  const absent = absentControllers(lesson, version, facts.rootless.controllers);
  if (absent.length === 0) return [];
  const what = `it needs ${absent.join(", ")}, and this user's cgroups have none`;
  return [{ what, fix: withSudo(lesson) }];
}

/** The lesson's needs of controllers that are not among the offered ones. */
function absentControllers(
  { needs }: Pick<Lesson, "needs">,
  version: CgroupVersion,
  offered: readonly string[],
): string[] {
  const freezes = version === "v2" || offered.includes("freezer");
  return needs.filter((need) => {
    const [, controller] = /^cgroup\.(.*)$/.exec(need) ?? [];
    if (controller === undefined) return false;
    return controller === "freeze" ? !freezes : !offered.includes(controller);
  });
}

function withSudo({ id }: Pick<Lesson, "id">): string {
  return `sudo tsinternals lesson ${id}`;
}

function needsCgroups({ needs }: Pick<Lesson, "needs">): boolean {
  return needs.some((need) => need === "cgroup" || need.startsWith("cgroup."));
}

/** How this user would come by cgroups. */
export function delegationFix({ cgroup, rootless }: HostFacts): string {
  if (cgroup.version === "v1" && rootless.uid !== null)
    return `sudo sh -c '${givingCommand(rootless.uid)}'`;
  return "log in where systemd runs for the user (loginctl enable-linger; XDG_RUNTIME_DIR)";
}
