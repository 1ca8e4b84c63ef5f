import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Standing } from "./ground.ts";
import type { Traceable } from "./left.ts";
import type { Plan } from "./plan.ts";
import type { Strike } from "./probe.ts";

const entry = fileURLToPath(new URL("ui.ts", import.meta.url));

/** CLOCK_MONOTONIC nanoseconds, the probe's clock. */
export function monotonic(): number {
  return Number(process.hrtime.bigint());
}

/** The process that has the helper's stdin (ui.ts), as the harness sees it. */
export interface Ui {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly loaded: readonly string[];
  readonly said: readonly string[];
  send(command: "go" | "end"): void;
  /** Waits until the lab is up, lets it live, asks for its end; gives the moment. */
  liveAndEnd(milliseconds: number): Promise<number>;
  /** A lab that survived the strike is ended now; gives the moment of what ended it. */
  endAfter(strike: Strike): number;
}

/** Resolves when it is ready for `go`. */
export async function startUi(
  plan: Plan,
  { command, cache }: Standing,
  { mark, lab }: Traceable,
): Promise<Ui> {
  const env = {
    ...process.env,
    // A UI each: half of what it takes to start is compiling the same again.
    NODE_COMPILE_CACHE: cache,
    CHAOS_MARK: mark,
    CHAOS_COMMAND: JSON.stringify(command),
    CHAOS_UP: JSON.stringify({ name: lab.slice("tsi-".length, -1), mode: plan.mode }),
    CHAOS_ENV: JSON.stringify([
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME=/root",
      `CHAOS_MARK=${mark}`,
      `CHAOS_LOAD=${plan.load.join(" ")}`,
    ]),
  };
  const child = spawn(process.execPath, ["--conditions=source", entry], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const loaded: string[] = [];
  const said: string[] = [];
  const lines = createInterface(child.stdout);
  const up = new Promise<void>((resolve) => {
    lines.on("line", (line) => {
      const [word = "", value = ""] = line.split(/ (.*)/s);
      if (word === "load") loaded.push(value);
      else if (value !== "") said.push(`${word}: ${value}`);
      if (word === "up") resolve();
    });
    lines.on("close", resolve);
  });
  child.stdin.on("error", () => {});
  await once(lines, "line");
  const send = (command: "go" | "end") => child.stdin.write(`${command}\n`);
  let ending = false;
  return {
    process: child,
    pid: child.pid as number,
    loaded,
    said,
    send,
    async liveAndEnd(milliseconds) {
      await up;
      await sleep(milliseconds);
      ending = true;
      const t = monotonic();
      send("end");
      return t;
    },
    endAfter({ killed, t: struck }) {
      if (killed.some((who) => ["ui", "warden", "init"].includes(who)) || ending) return struck;
      const t = monotonic();
      if (plan.victims.length > 0 && plan.after === "kill-ui") child.kill("SIGKILL");
      else send("end");
      return t;
    },
  };
}
