import type { Lesson } from "../lesson/lesson.ts";
import type { HostFacts } from "./host-facts.ts";
import { installCommand } from "./packages.ts";

/** Something this host lacks: what, and one line that helps. */
export interface Missing {
  readonly what: string;
  readonly fix: string;
}

/** Why a lesson cannot run live here; empty when it can. */
export function missingForLive(lesson: Pick<Lesson, "needs" | "id">, facts: HostFacts): Missing[] {
  const missing: Missing[] = [];
  if (facts.platform !== "linux") {
    const fix = "use a Linux machine or VM; here the recording plays";
    return [{ what: `this is ${facts.platform}, and the lessons run on Linux`, fix }];
  }
  if (lesson.needs.includes("root") && !facts.root) {
    const fix = `sudo tsinternals lesson ${lesson.id}`;
    missing.push({ what: "it needs root", fix });
  }
  if (lesson.needs.includes("cgroup") && facts.cgroup.version === "none") {
    const fix = "mount the cgroup file system (cgroups(7)), or use a machine or VM that has it";
    missing.push({ what: "no cgroup tree with the memory controller is mounted", fix });
  }
  if (!facts.helper) {
    const fix = `${installCommand(facts.installer, "build")} && npm run build`;
    missing.push({ what: "the native helper is not built", fix });
  }
  return missing;
}
