import { readFileSync } from "node:fs";
import type { Mode } from "../../chaos/plan.ts";
import { median } from "../compare.ts";
import type { Figure } from "../figure.ts";
import { runToEnd } from "../programs.ts";
import { type BenchLab, monotonic, openBenchLab } from "./bench-lab.ts";

/** The kernel's own price: the same namespaces and a process in them. */
const UNSHARE = ["-fpmnui", "--mount-proc", "true"];
const ROUNDS = 40;

const load = readFileSync(new URL("../../chaos/load.sh", import.meta.url), "utf8");
const PARTS = "daemons nested_pids frozen nested_cgroups overlay links rules container";

/** Ready, a command, gone; the goals are the issue's, in milliseconds. */
export async function* lifeFigures(command: readonly string[], mode: Mode): AsyncGenerator<Figure> {
  const ready: number[] = [];
  const gone: number[] = [];
  const unshare: number[] = [];
  for (let round = -3; round < ROUNDS; round++) {
    const lab = await openBenchLab(command, mode);
    const ended = await timeEnd(lab);
    const base = await runToEnd("unshare", mode === "root" ? UNSHARE : ["-Ur", ...UNSHARE]);
    if (round < 0) continue;
    ready.push((lab.ready - lab.spawned) / 1e6);
    gone.push(ended);
    unshare.push(base);
  }
  const baseline = `unshare ${UNSHARE.join(" ")} ${median(unshare).toFixed(2)} ms, ${ROUNDS} rounds`;
  yield figure(`${mode}-ready-ms`, ready, 10, baseline);
  yield figure(`${mode}-gone-idle-ms`, gone, 10, baseline);
  yield await loadedEnd(command, mode);
  yield await roundTrip(command, mode);
}

async function timeEnd(lab: BenchLab): Promise<number> {
  const begun = monotonic();
  await lab.close();
  return (monotonic() - begun) / 1e6;
}

/** With everything in it that test:chaos starts, but for dockerd and loop devices. */
async function loadedEnd(command: readonly string[], mode: Mode): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < 8; round++) {
    const lab = await openBenchLab(command, mode);
    const script = `CHAOS_LOAD="${PARTS}"\n${load.replace(/\nwait\s*$/, "\nsleep 0.3")}`;
    await lab.sh(script);
    times.push(await timeEnd(lab));
  }
  return figure(`${mode}-gone-loaded-ms`, times, 100, `${times.length} rounds of ${PARTS}`);
}

async function roundTrip(command: readonly string[], mode: Mode): Promise<Figure> {
  const lab = await openBenchLab(command, mode);
  const ours: number[] = [];
  const spawned: number[] = [];
  try {
    for (let round = -20; round < 200; round++) {
      const begun = monotonic();
      const { code } = await lab.run(["/bin/true"]);
      const took = (monotonic() - begun) / 1e6;
      if (code !== 0) throw new Error(`true ended with ${code}`);
      const base = await runToEnd("/bin/true", []);
      if (round < 0) continue;
      ours.push(took);
      spawned.push(base);
    }
  } finally {
    await lab.close();
  }
  const baseline = `Node's own spawn of it ${median(spawned).toFixed(2)} ms, 200 rounds`;
  return figure(`${mode}-run-true-ms`, ours, 2, baseline);
}

function figure(name: string, times: readonly number[], atMost: number, baseline: string): Figure {
  const sorted = times.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
  const value = median(times);
  return {
    name,
    value,
    atMost,
    detail: `${value.toFixed(2)} ms, p95 ${p95.toFixed(2)}; ${baseline}`,
  };
}
