import type { Hierarchy, LabReady } from "../../timeline/event.ts";
import type { Namespaces, NamespaceType } from "../../timeline/event-parts.ts";
import { namespaceOf, readText } from "./proc.ts";

/**
 * This machine in the place of a lab: its own is what the daemon has, and what no container changes.
 * @param daemon the pid of dockerd; null: not known
 */
export function hostReady(t: number, daemon: number | null): LabReady {
  return {
    kind: "lab.ready",
    t,
    lab: "host",
    mode: "host",
    can: [],
    pid: 1,
    namespaces: { ...namespacesOf("self"), ...(daemon !== null && namespacesOf(daemon)) },
    hierarchies: hostHierarchies(
      readText("/proc/self/mountinfo") ?? "",
      (mount) => readText(`${mount}/cgroup.controllers`) ?? "",
    ),
    lacks: [],
  };
}

const TYPES = ["pid", "mnt", "net", "uts", "ipc", "cgroup", "user", "time"] as const;

/** As far as we may look: other users' are for root. */
function namespacesOf(pid: number | "self"): Namespaces {
  const found = TYPES.flatMap((type): [NamespaceType, number][] => {
    const [, inode] = /\[(\d+)\]/.exec(namespaceOf(pid, type) ?? "") ?? [];
    return inode === undefined ? [] : [[type, Number(inode)]];
  });
  return Object.fromEntries(found);
}

/** The trees in the text of /proc/self/mountinfo, as /proc/PID/cgroup names them. */
export function hostHierarchies(
  mountinfo: string,
  controllersOf: (mount: string) => string,
): Hierarchy[] {
  return mountinfo.split("\n").flatMap((line): Hierarchy[] => {
    const [left = "", right = ""] = line.split(" - ");
    const [, , , root, mount = ""] = left.split(" ");
    const [type, , options = ""] = right.split(" ");
    // Paths in /proc/PID/cgroup are told from the tree's root.
    if (root !== "/") return [];
    if (type === "cgroup2") {
      const controllers = controllersOf(mount).split(/\s+/).filter(Boolean);
      return [{ version: 2, hierarchy: "", controllers, mount }];
    }
    if (type !== "cgroup") return [];
    const words = options.split(",").filter((word) => !OPTIONS.test(word));
    const controllers = words.filter((word) => !word.startsWith("name="));
    return [{ version: 1, hierarchy: words.join(","), controllers, mount }];
  });
}

/** The trees in which a container's groups tell what it takes, and whether it is paused. */
export function telling(hierarchies: readonly Hierarchy[]): Hierarchy[] {
  return hierarchies.filter(({ controllers }) =>
    controllers.some((each) => TELLING.includes(each)),
  );
}

const TELLING: readonly string[] = ["memory", "pids", "cpu", "cpuacct", "freezer"];

/** Of a v1 mount's options (cgroups(7)) those that are no controllers. */
const OPTIONS = /^(?:r[wo]|xattr|clone_children|cpuset_v2_mode|noprefix|release_agent=.*)$/;
