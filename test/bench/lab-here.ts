import { loadLesson } from "../../src/commands/load-lesson.ts";
import { readHostFacts } from "../../src/host/host-facts.ts";
import { missingForLive } from "../../src/host/live.ts";
import { helperPath } from "../../src/host/paths.ts";
import { type Helper, startHelper } from "../../src/sources/helper.ts";

/** What labs need here, or why there can be none. */
export interface LabHere {
  /** The helper's argv. */
  readonly command: readonly [string, ...string[]];
  /** What strace is asked for in the cgroups lesson. */
  readonly trace: readonly string[];
  readonly strace: boolean;
}

export async function findLab(): Promise<LabHere | { readonly reason: string }> {
  const facts = await readHostFacts();
  const lesson = await loadLesson("cgroups");
  const [missing] = missingForLive(lesson, facts);
  if (missing !== undefined) return { reason: missing.what };
  // As src/commands/live-session.ts does: on v2 systemd hands out the cgroup.
  const scope = ["systemd-run", "--scope", "--quiet", "--property=Delegate=yes", "--"] as const;
  const asked = facts.cgroup.version === "v2" && facts.systemd;
  const command: LabHere["command"] = asked ? [...scope, helperPath] : [helperPath];
  return { command, trace: lesson.trace, strace: facts.strace !== null };
}

export async function bringUp(here: LabHere, name: string): Promise<Helper> {
  const helper = await startHelper(here.command);
  await helper.request("up", { name: `bench-${name}`, mode: "root", hostname: "lab" });
  return helper;
}
