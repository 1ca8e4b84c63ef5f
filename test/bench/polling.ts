import { closeSync, openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { watchCgroups } from "../../src/sources/cgroups.ts";
import { createClock } from "../../src/sources/clock.ts";
import type { Helper } from "../../src/sources/helper.ts";
import { type LabCgroup, labCgroups } from "../../src/sources/helper-events.ts";
import type { Event } from "../../src/timeline/event.ts";
import { compare, median, timedSync } from "./compare.ts";
import type { Outcome } from "./figure.ts";
import { bringUp, type LabHere } from "./lab-here.ts";

/** Facts were measured with as many. */
const FILES = 200;
const SECONDS = 2.5;
const ROUNDS = 2;

/** What looking at the cgroup files of a lab costs while nothing happens. */
export async function* pollingFigures(here: LabHere): AsyncGenerator<Outcome> {
  const lab = await bringUp(here, "poll");
  try {
    const cgroups = await readCgroups(lab);
    const files = await makeGroups(lab, cgroups);
    yield await cpuShare(cgroups, files.length);
    yield await pollOverRead(cgroups, files);
  } finally {
    await lab.close();
  }
}

async function readCgroups(lab: Helper): Promise<LabCgroup[]> {
  for await (const line of lab.events()) if (line.kind === "lab.ready") return labCgroups(line);
  throw new Error("the lab went away");
}

/** More and more groups, until there are enough files; gives the files that are read. */
async function makeGroups(lab: Helper, cgroups: readonly LabCgroup[]): Promise<string[]> {
  for (let group = 1; ; group++) {
    const files = await watchedFiles(cgroups);
    if (files.length >= FILES) return files;
    if (group > 20) throw new Error(`20 groups a hierarchy have only ${files.length} files`);
    const directories = cgroups.map(({ hierarchy }) => `${hierarchy.mount}/bench${group}`);
    await lab.request("run", { run: group, argv: ["/bin/mkdir", ...directories] });
    await sleep(100);
  }
}

async function watchedFiles(cgroups: readonly LabCgroup[]): Promise<string[]> {
  const files: string[] = [];
  const seen = (event: Event): void => {
    if (event.kind !== "cgroup.change" || event.before !== null) return;
    const home = cgroups.find(({ hierarchy }) => hierarchy.hierarchy === event.hierarchy);
    files.push(`${home?.hostPath}/${event.path}/${event.file}`);
  };
  await watchCgroups(cgroups, createClock(), seen).close();
  return files;
}

/** Percent of one core of this process, less what it uses when it waits. */
async function cpuShare(cgroups: readonly LabCgroup[], files: number): Promise<Outcome> {
  const polling: number[] = [];
  const idle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const watch = watchCgroups(cgroups, createClock(), () => {});
    await sleep(500);
    polling.push(await percentUsed());
    await watch.close();
    idle.push(await percentUsed());
  }
  const [busy, waiting] = [median(polling), median(idle)];
  const detail = `${files} files five times a second ${busy.toFixed(2)} %, idle ${waiting.toFixed(2)} %`;
  // Facts: 1.1 % for 200 files ten times a second with nothing around the reads; ours compares the
  // texts, opens each list of pids again, and looks five times a second.
  return { name: "polling-cpu-percent", value: busy - waiting, atMost: 3, detail };
}

async function percentUsed(): Promise<number> {
  const before = process.cpuUsage();
  await sleep(SECONDS * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e4 / SECONDS;
}

/** One look at everything, over nothing but read(2) of the same files, kept open. */
async function pollOverRead(
  cgroups: readonly LabCgroup[],
  files: readonly string[],
): Promise<Outcome> {
  const buffer = Buffer.alloc(64 * 1024);
  const descriptors = files.map((file) => openSync(file, "r"));
  const watch = watchCgroups(cgroups, createClock(), () => {});
  const readAll = (): void => {
    for (const descriptor of descriptors) readSync(descriptor, buffer, 0, buffer.length, 0);
  };
  try {
    return await compare({
      name: "poll-over-read",
      // 4 when this was written (2 µs a file): texts are made and compared, and lists of pids opened
      // again each time.
      atMost: 6,
      rounds: 100,
      warmUp: 10,
      ours: { name: "poll", time: () => timedSync(() => watch.poll()) },
      baseline: { name: `readSync of ${files.length} files`, time: () => timedSync(readAll) },
    });
  } finally {
    await watch.close();
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}
