import { join } from "node:path";
import type { Event, Hierarchy } from "../../timeline/event.ts";
import { type CgroupFiles, openCgroupFiles } from "../cgroup-files.ts";
import { readText } from "./proc.ts";

/** The cgroups of containers, read from outside. */
export interface ContainerCgroups {
  /** The groups of this container, found by a process of it. `fresh`: it has just been started. */
  attach(container: string, pid: number, fresh: boolean): void;
  close(): void;
}

export interface ContainerCgroupsOptions {
  readonly hierarchies: readonly Hierarchy[];
  readonly now: () => number;
  readonly emit: (event: Event) => void;
  readonly read?: (path: string) => string | null;
}

interface Group {
  readonly hierarchy: string;
  readonly path: string;
  readonly files: CgroupFiles;
  readonly fresh: boolean;
}

/** Twice a second; of containers that were there before only now and then: nobody asked for them. */
const READ_MILLISECONDS = 500;
const OLD_EVERY = 10;
/** A container has up to a dozen groups on v1, a group up to twenty files that are kept open. */
const MOST_CONTAINERS = 32;

export function watchContainerCgroups(options: ContainerCgroupsOptions): ContainerCgroups {
  const { hierarchies, now, emit, read = readText } = options;
  const groups = new Map<string, Group>();
  const containers = new Set<string>();

  const look = (key: string, group: Group): void => {
    const { hierarchy, path, files } = group;
    for (const change of files.changes())
      emit({ kind: "cgroup.change", t: now(), hierarchy, path, ...change });
    if (!files.removed) return;
    files.close();
    groups.delete(key);
    emit({ kind: "cgroup.remove", t: now(), hierarchy, path });
  };
  let round = 0;
  const timer = setInterval(() => {
    round++;
    for (const [key, group] of [...groups])
      if (group.fresh || round % OLD_EVERY === 0) look(key, group);
  }, READ_MILLISECONDS);

  const open = (hierarchy: string, path: string, directory: string, fresh: boolean): void => {
    const key = `${hierarchy}:${path}`;
    if (groups.has(key)) return;
    const files = openCgroupFiles(directory);
    // It is gone already, or not in this mount.
    if (files.names.length === 0) return;
    const group = { hierarchy, path, files, fresh };
    groups.set(key, group);
    emit({ kind: "cgroup.create", t: now(), hierarchy, path, files: files.names });
    look(key, group);
  };
  return {
    attach(container, pid, fresh) {
      const places = containerGroups(read(`/proc/${pid}/cgroup`) ?? "", container);
      if (places.length === 0 || containers.has(container)) return;
      if (containers.size >= MOST_CONTAINERS && groups.size > 0) return;
      containers.add(container);
      for (const { hierarchy, path } of places) {
        const found = hierarchies.find((each) => each.hierarchy === hierarchy);
        if (found !== undefined) open(hierarchy, path, join(found.mount, path), fresh);
      }
    },
    close() {
      clearInterval(timer);
      for (const { files } of groups.values()) files.close();
      groups.clear();
    },
  };
}

/** The lines of /proc/PID/cgroup (cgroups(7)) that are about this container's own groups. */
export function containerGroups(
  text: string,
  container: string,
): { hierarchy: string; path: string }[] {
  return text.split("\n").flatMap((line) => {
    const [, hierarchy, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (hierarchy === undefined || path === undefined || !path.includes(container)) return [];
    return [{ hierarchy, path }];
  });
}
