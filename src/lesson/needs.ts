import type { LabReady } from "../timeline/event.ts";
import { PROGRAMS } from "./programs.ts";

/**
 * What a lesson or a step cannot run without: `linux`, a word of the helper's for what a lab can do
 * (native/README.md, "Modes"), or `program.NAME`, a program of the host's.
 */
export type Need = string;

const ABILITIES: readonly string[] = [
  ...["root", "ids.range", "mknod", "loop", "overlay", "overlay.xattr", "netns"],
  ...["processes.all", "processes.argv"],
  ...["limit.pids", "limit.memory", "cgroup", "cgroup.freeze"],
];

/** The controllers of both versions (cgroups(7)). */
const CONTROLLERS =
  "cpu cpuacct cpuset memory pids io blkio devices freezer hugetlb net_cls net_prio perf_event rdma misc".split(
    " ",
  );

const PROGRAM = "program.";

export const NEEDS: readonly Need[] = [
  "linux",
  ...ABILITIES,
  ...CONTROLLERS.map((name) => `cgroup.${name}`),
  ...Object.keys(PROGRAMS).map(needOfProgram),
];

export function needOfProgram(name: string): Need {
  return `${PROGRAM}${name}`;
}

/** The program that a need asks for; null when it asks for something else. */
export function programOf(need: Need): string | null {
  return need.startsWith(PROGRAM) ? need.slice(PROGRAM.length) : null;
}

export function unknownNeed(need: string): string {
  return `unknown need "${need}"; known: ${NEEDS.join(", ")}`;
}

/** What there is and is not: the lab's own words, and the host's programs. */
export type Abilities = Pick<LabReady, "can" | "lacks">;

/** A need that is not met, and the lab's reason. */
export interface Unmet {
  readonly need: Need;
  readonly why: string;
}

/**
 * Which of these the lab cannot give. A recording older than the list of abilities lacks only what
 * it says it lacks.
 */
export function unmetNeeds(needs: readonly Need[], ready: Abilities): Unmet[] {
  return needs.flatMap((need) => {
    if (need === "linux" || ready.can?.includes(need) === true) return [];
    const lack = ready.lacks.find(({ what }) => need === what || need.startsWith(`${what}.`));
    if (lack === undefined && ready.can === undefined) return [];
    return [{ need, why: lack?.why ?? "this host does not offer it" }];
  });
}

/** "it needs cgroup.cpuset, cgroup.io (no cgroup is delegated …)": each reason once. */
export function unmetText(unmet: readonly Unmet[]): string {
  const reasons = new Map<string, string[]>();
  for (const { need, why } of unmet) reasons.set(why, [...(reasons.get(why) ?? []), need]);
  const parts = [...reasons].map(([why, needs]) => `${needs.join(", ")} (${why})`);
  return `it needs ${parts.join("; ")}`;
}
