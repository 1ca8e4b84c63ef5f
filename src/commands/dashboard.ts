import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { History } from "../dashboard/history.ts";
import { countEvents, EMPTY, remember } from "../dashboard/history.ts";
import { stateFolder } from "../host/state-folder.ts";
import { sampleGroups } from "../sources/cgroup-samples.ts";
import {
  type CgroupPlaces,
  type CgroupTree,
  findGroups,
  groupAt,
  readCgroupTrees,
} from "../sources/cgroup-trees.ts";
import {
  type FollowedRecording,
  followRecording,
  labOfRecording,
} from "../sources/follow-recording.ts";
import { UserError } from "../user-error.ts";

const LOOK_MILLISECONDS = 500;
const LEAST_COLUMNS = 60;
const LEAST_ROWS = 16;

/** `tsinternals dashboard [WHAT]`: charts of a lab's or a container's groups, until `q`. */
export async function dashboardCommand(what: string | null): Promise<number> {
  const group = findGroup(what);
  const { openDashboard } = await loadScreen();
  requireTerminal();
  const recording = recordingOf(group.name);
  const noEvents = recording === null ? "no session of this lab is being kept" : null;
  let quit: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    quit = resolve;
  });
  const dashboard = openDashboard({
    ...{ input: process.stdin, output: process.stdout, onQuit: () => quit() },
    ...{ title: group.name, noEvents },
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, quit);
  let history = EMPTY;
  const look = (): void => {
    history = nextHistory(history, group, recording);
    dashboard.draw(history);
  };
  const timer = setInterval(look, LOOK_MILLISECONDS);
  try {
    look();
    await asked;
  } finally {
    clearInterval(timer);
    recording?.close();
    dashboard.close();
  }
  return 0;
}

function nextHistory(
  history: History,
  group: CgroupPlaces,
  recording: FollowedRecording | null,
): History {
  const at = performance.now();
  const counts =
    recording === null
      ? null
      : countEvents(
          at,
          recording.poll().map(({ kind }) => kind),
        );
  return remember(history, sampleGroups(group, at), counts);
}

/** The group that is meant; without a word the newest lab's. */
export function findGroup(
  what: string | null,
  trees: readonly CgroupTree[] = readCgroupTrees(),
): CgroupPlaces {
  if (what?.startsWith("/") === true) {
    const group = groupAt(trees, what);
    if (group !== null) return group;
    throw new UserError(`there is no cgroup ${what}`, "systemd-cgls shows which there are", 3);
  }
  const wanted =
    what === null
      ? (name: string) => isLab(name)
      : (name: string) => isLab(name, what) || isOf(name, what);
  const found = findGroups(trees, wanted).sort((a, b) => madeAt(b) - madeAt(a));
  const [group] = found;
  if (group !== undefined) return group;
  if (what === null)
    throw new UserError(
      "no lab with a cgroup of its own is running",
      "take a lesson beside it, or name a container's id or a cgroup's path",
      3,
    );
  throw new UserError(
    `no running lab, container or cgroup is called ${what}`,
    "a lesson's id, the beginning of a container's id, or a path such as /system.slice",
    3,
  );
}

/** `tsi-LESSON-PID` (native/README.md). */
function isLab(name: string, lesson: string | null = null): boolean {
  const found = /^tsi-(.+)-\d+$/.exec(name)?.[1];
  return found !== undefined && (lesson === null || found === lesson);
}

/** What Docker, containerd and podman call a container's group: `ID`, `docker-ID.scope`. */
function isOf(name: string, id: string): boolean {
  const container = /^(?:[a-z-]+-)?([0-9a-f]{64})(?:\.scope)?$/.exec(name)?.[1];
  return name === id || (id.length >= 4 && container?.startsWith(id) === true);
}

function madeAt({ directories }: CgroupPlaces): number {
  const [directory = ""] = directories.values();
  return statSync(directory, { throwIfNoEntry: false })?.birthtimeMs ?? 0;
}

/** The kept recording of the session this lab belongs to (keep-session.ts). */
function recordingOf(lab: string): FollowedRecording | null {
  const folder = join(stateFolder(), "sessions");
  try {
    const files = readdirSync(folder).map((name) => join(folder, name));
    const file = files.find((each) => labOfRecording(each) === lab);
    return file === undefined ? null : followRecording(file);
  } catch {
    return null;
  }
}

function requireTerminal(): void {
  const { stdout, stdin } = process;
  if (!stdout.isTTY || !stdin.isTTY)
    throw new UserError("the dashboard draws on a terminal", "run it in one, not in a pipe", 2);
  if (stdout.columns < LEAST_COLUMNS || stdout.rows < LEAST_ROWS)
    throw new UserError(
      `this terminal has ${stdout.columns}×${stdout.rows}, the dashboard needs ${LEAST_COLUMNS}×${LEAST_ROWS}`,
      "make the window larger",
      2,
    );
}

/** Loaded now and by nothing else: blessed is 18 MB of old packages that lessons do without. */
async function loadScreen(): Promise<typeof import("../dashboard/screen.ts")> {
  try {
    return await import("../dashboard/screen.ts");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new UserError(
      "the dashboard needs blessed and blessed-contrib, which are not installed",
      "npm install -g blessed@0.1.81 blessed-contrib@4.11.0",
      3,
    );
  }
}
