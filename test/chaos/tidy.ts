import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Left } from "./left.ts";

/**
 * What is left in the end, and should not be, must not stay on the machine: the run has its journals
 * to itself, so no other helper would find it. Says nothing; it has been counted.
 */
export async function tidyAway(left: Left): Promise<void> {
  const groups = left.cgroups.flatMap(groupsBelow);
  for (let round = 0; round < 3; round++) {
    // Top-down, for a v1 group is frozen as long as one above it is.
    for (const group of groups) attempt(() => writeFileSync(`${group}/freezer.state`, "THAWED"));
    for (const pid of [...left.processes.map(pidOf), ...groups.flatMap(membersOf)])
      if (pid > 1) attempt(() => process.kill(pid, "SIGKILL"));
    await sleep(50);
  }
  for (const group of groups.toReversed()) attempt(() => rmdirSync(group));
  for (const device of left.loops)
    spawnSync("losetup", ["--detach", `/dev/${device.split(" ")[0]}`], { stdio: "ignore" });
}

/** `4711 sleep S (mark)`; whatever is not said so is nobody. */
function pidOf(process: string): number {
  return Number(/^(\d+) .+ \((?:mark|cgroup|pid namespace)\)$/.exec(process)?.[1] ?? 0);
}

function groupsBelow(folder: string): string[] {
  const found = [folder];
  attempt(() => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) found.push(...groupsBelow(`${folder}/${entry.name}`));
  });
  return found;
}

function membersOf(group: string): number[] {
  let text = "";
  attempt(() => {
    text = readFileSync(`${group}/cgroup.procs`, "utf8");
  });
  return text.split("\n").map(Number);
}

/** Things that are going go by themselves meanwhile. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {}
}
