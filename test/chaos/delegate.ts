import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";

const MOUNTS = "/sys/fs/cgroup";

/**
 * What an administrator does once on cgroup v1: a directory of the user's in each hierarchy. Returns
 * what takes them away again. The user cannot remove them, so a lab must leave them, and empty.
 */
export function delegateCgroups(uid: number): () => void {
  const made: string[] = [];
  for (const name of readdirSync(MOUNTS)) {
    const hierarchy = `${MOUNTS}/${name}`;
    const given = `${hierarchy}/tsinternals-${uid}`;
    // Directories in /sys/fs/cgroup of v2 are groups; those with a release agent are roots of v1.
    if (!existsSync(`${hierarchy}/release_agent`) || existsSync(given)) continue;
    mkdirSync(given);
    made.push(given);
    for (const file of ["cpuset.cpus", "cpuset.mems"])
      if (existsSync(`${given}/${file}`))
        writeFileSync(`${given}/${file}`, readFileSync(`${hierarchy}/${file}`));
    for (const path of [given, `${given}/cgroup.procs`, `${given}/tasks`])
      chownSync(path, uid, uid);
  }
  return () => {
    for (const directory of made) rmdirSync(directory);
  };
}
