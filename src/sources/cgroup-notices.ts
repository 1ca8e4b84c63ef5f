import type { CgroupFrozen, CgroupOom, CgroupPopulated } from "../timeline/event-kernel.ts";
import type { FileChange } from "./cgroup-files.ts";

type Notice = CgroupFrozen | CgroupOom | CgroupPopulated;
type Place = Pick<Notice, "t" | "hierarchy" | "path">;

/**
 * What the helper would have told of a group, had the kernel let it: out of two readings of a file
 * (cgroups(7); Documentation/admin-guide/cgroup-v1/). What changed and changed back in between is
 * missed, and who did it is not known. The first reading is how it was: nothing has happened.
 */
export function noticesOf({ file, before, after }: FileChange, at: Place): Notice[] {
  if (before === null) return [];
  const changed = (word: string): number | null => {
    const now = numberOf(after, word);
    return now === numberOf(before, word) ? null : now;
  };
  if (file === "cgroup.events") {
    const [populated, frozen] = [changed("populated"), changed("frozen")];
    return [
      ...(populated === null
        ? []
        : [{ kind: "cgroup.populated", ...at, populated: populated > 0 }]),
      ...(frozen === null ? [] : [{ kind: "cgroup.frozen", ...at, frozen: frozen > 0 }]),
    ] as Notice[];
  }
  if (file === "memory.events" || file === "memory.oom_control") {
    const kills = changed("oom_kill");
    return kills === null ? [] : [{ kind: "cgroup.oom", ...at, kills }];
  }
  // v1. On its way to be frozen a group is FREEZING.
  if (file === "freezer.state" && after !== "FREEZING")
    return [{ kind: "cgroup.frozen", ...at, frozen: after === "FROZEN" }];
  if (file === "cgroup.procs" && at.hierarchy !== "" && (before === "") !== (after === ""))
    return [{ kind: "cgroup.populated", ...at, populated: after !== "" }];
  return [];
}

function numberOf(text: string, word: string): number | null {
  const found = new RegExp(`^${word} (\\d+)$`, "m").exec(text);
  return found === null ? null : Number(found[1]);
}
