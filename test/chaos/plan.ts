import { createRandom } from "./random.ts";

export type Mode = "root" | "rootless";

/** Whom a SIGKILL can hit; `process` is any process in the lab but its PID 1. */
export type Victim = "ui" | "warden" | "janitor" | "init" | "process";

/** One iteration, decided by its seed alone. */
export interface Plan {
  readonly seed: number;
  readonly mode: Mode;
  /** Who is killed at once; empty: the UI closes the helper's stdin, which is the ordinary end. */
  readonly victims: readonly Victim[];
  readonly window: Window;
  /** How long after the helper's first appearance (`teardown`: after the end was asked for). */
  readonly microseconds: number;
  /** In `teardown`: how long the lab has been up when it is told to go. */
  readonly livedMicroseconds: number;
  /** Where the lab goes on after the kill (a janitor is replaced): how it is ended then. */
  readonly after: "close" | "kill-ui";
  /** Rootless: by a user who was given cgroups. */
  readonly given: boolean;
  /** What is started in the lab: functions of load.sh. */
  readonly load: readonly string[];
  /** Chooses the process among those of the lab, and the order within a mix. */
  readonly random: number;
}

export type Window = "0-12ms" | "0-40ms" | "0-0.5s" | "0.2-0.9s" | "teardown" | "docker";

const WINDOWS: Readonly<Record<Window, readonly [from: number, to: number]>> = {
  "0-12ms": [0, 12_000],
  "0-40ms": [0, 40_000],
  "0-0.5s": [0, 500_000],
  "0.2-0.9s": [200_000, 900_000],
  // An idle lab takes a few milliseconds to go, a full one twenty.
  teardown: [0, 15_000],
  // dockerd takes a third of a second to come up on a quiet machine, a container as long again.
  docker: [300_000, 4_000_000],
};

const MIXES: readonly (readonly Victim[])[] = [
  [],
  ["ui"],
  ["warden"],
  ["janitor"],
  ["init"],
  ["process"],
  ["ui", "warden"],
  ["ui", "janitor"],
  ["warden", "janitor"],
  ["ui", "warden", "janitor"],
  ["warden", "init"],
  ["janitor", "init"],
  ["ui", "warden", "init"],
  ["warden", "janitor", "init"],
  ["ui", "warden", "janitor", "init"],
];

const LOAD = [
  "daemons",
  "nested_pids",
  "frozen",
  "nested_cgroups",
  "overlay",
  "links",
  "rules",
  "container",
];
const ROOT_LOAD = ["loop", "loop_raw"];
const DOCKER_EVERY = 12;

export interface Choice {
  readonly mode: Mode;
  readonly docker: boolean;
  readonly given: boolean;
}

/** Seeds in a row take the kinds in turn, so that each gets its share. */
export function planIteration(seed: number, choice: Choice): Plan {
  const random = createRandom(seed);
  const docker = choice.mode === "root" && choice.docker && random.integer(DOCKER_EVERY) === 0;
  const windows = (Object.keys(WINDOWS) as Window[]).filter((name) => name !== "docker");
  const window = docker ? "docker" : random.of(windows);
  const [from, to] = WINDOWS[window];
  return {
    seed,
    mode: choice.mode,
    victims: MIXES[seed % MIXES.length] as readonly Victim[],
    window,
    microseconds: Math.round(from + random.next() * (to - from)),
    livedMicroseconds: random.integer(400_000),
    after: random.of(["close", "kill-ui"]),
    load: [...LOAD, ...(choice.mode === "root" ? ROOT_LOAD : []), ...(docker ? ["docker"] : [])],
    random: random.integer(1 << 30),
    given: choice.given && random.integer(2) === 0,
  };
}

export function kindOf(plan: Plan): string {
  return plan.victims.length === 0 ? "stdin closed" : plan.victims.join("+");
}
