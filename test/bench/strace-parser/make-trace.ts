import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MEGABYTES = 200;
const MOST_RUNS = 12;

/**
 * A trace of at least 200 MB, `strace -f -tt -T -y` of workload.sh, run as often as it takes with
 * its lines appended: no line is there twice, process ids and times go on. Kept in the temporary
 * folder until the next boot. A text says why there is none.
 */
export function makeTrace(): { readonly file: string } | { readonly skip: string } {
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
  const file = join(tmpdir(), `strace-parser-bench-${boot}.strace`);
  if (existsSync(file)) return { file };
  const making = `${file}.${process.pid}`;
  const workload = join(import.meta.dirname, "workload.sh");
  const options = ["-f", "-tt", "-T", "-y", "-A", "-o", making];
  try {
    for (let run = 0; run < MOST_RUNS; run++) {
      const { error, stderr } = spawnSync("strace", [...options, "sh", workload], {
        env: { ...process.env, LC_ALL: "C" },
        encoding: "utf8",
      });
      if (error !== undefined) return { skip: `strace cannot be run: ${error.message}` };
      if (!existsSync(making)) return { skip: `strace traces nothing here: ${stderr}` };
      if (statSync(making).size >= MEGABYTES * 1e6) {
        renameSync(making, file);
        return { file };
      }
    }
    return { skip: `${MOST_RUNS} runs of the workload made less than ${MEGABYTES} MB` };
  } finally {
    rmSync(making, { force: true });
  }
}
