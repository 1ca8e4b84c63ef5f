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
      for (const path of directories) if (existsSync(path)) rmdirSync(path);
    },
  };
}
