import { join } from "node:path";
import { root } from "../live/program.ts";

/** How one picture comes about: the program's arguments, then keys, each until the screen shows this. */
export interface Scene {
  readonly name: string;
  /** What stands in the window's bar. */
  readonly title: string;
  readonly args: readonly string[];
  /** In the end; until then it is of START_ROWS. */
  readonly rows: number;
  readonly keys: readonly (readonly [string, RegExp])[];
  readonly lesson?: string;
  /** The title of the step it shows. */
  readonly step?: string;
}

export const COLUMNS = 120;
export const START_ROWS = 36;

/** A step of a lesson, as v1's recording has it on every host, once it has run. */
function after(lesson: string, id: string, step: string, ...keys: Scene["keys"]): Scene {
  const recording = join(root, `fixtures/recordings/${lesson}.v1.ndjson`);
  const ready = new RegExp(`step \\d+/\\d+ ${step}[^]*Enter (plays|reads)`);
  return {
    ...{
      name: lesson,
      title: `tsinternals lesson ${lesson} --replay`,
      lesson,
      step,
      rows: START_ROWS,
    },
    args: ["lesson", lesson, "--replay", recording, "--from", id],
    keys: [["", ready], ...keys],
  };
}

const RAN = ["\r", /✓ (\d+ of \d+ checks hold|the check holds) {2}Enter goes on/] as const;
/** Where the question is below the fold, Enter shows it first. */
const READ = ["\r", /Enter plays this step/] as const;
const FLOW = [
  ["2", /▸ 2 flow/],
  ["z", /\n▸ 2 flow/],
] as const;
const NAMESPACES = [
  ["1", /▸ 1 namespaces/],
  ["z", /\n▸ 1 namespaces/],
] as const;
const NETWORK = [
  ["1", /▸ 1 network/],
  ["z", /\n▸ 1 network/],
] as const;

export const SCENES: readonly Scene[] = [
  { name: "home", title: "tsinternals", args: [], rows: 22, keys: [["", /q quit/]] },
  after("cgroups", "oom", "Meet the OOM killer", RAN),
  after("docker-run", "containerd-events", "What containerd is told", RAN, ...FLOW),
  {
    ...after("bridge-iptables", "publish", "Publish a port", READ, RAN, ...NETWORK),
    rows: 29,
  },
  { ...after("namespaces", "pod", "What is a pod[?]", READ, RAN, ...NAMESPACES), rows: 16 },
];
