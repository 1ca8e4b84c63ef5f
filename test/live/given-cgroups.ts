import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { givenDirectory, givingCommand } from "../../src/host/rootless.ts";

export interface GivenCgroups {
  readonly directories: readonly string[];
  takeBack(): void;
}

/** Makes the user's directories in every v1 hierarchy, with the line that doctor prints. */
export function giveCgroups(uid: number): GivenCgroups | string {
  if (process.getuid?.() !== 0) return "needs root, to give a user cgroups";
  if (!existsSync("/sys/fs/cgroup/memory/tasks")) return "needs cgroup v1";
  if (spawnSync("sh", ["-c", givingCommand(uid)], { stdio: "ignore" }).status === null)
    return "needs sh";
  const directories = readdirSync("/sys/fs/cgroup")
    .map((name) => join("/sys/fs/cgroup", name, givenDirectory(uid)))
    .filter((path) => existsSync(path));
  return {
    directories,
    takeBack() {
      for (const path of directories) if (existsSync(path)) removeSoon(path);
    },
  };
}

/** A process of it that is just ending, as a killed lab's janitor, still counts (EBUSY). */
function removeSoon(path: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      rmdirSync(path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY" || attempt > 500) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
