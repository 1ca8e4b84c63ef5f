import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Victim } from "./plan.ts";

/** What was there and who was hit when the moment had come. */
export interface Strike {
  /** CLOCK_MONOTONIC nanoseconds. */
  readonly t: number;
  readonly killed: readonly Victim[];
  readonly there: readonly Victim[];
  /** In the lab, without its PID 1. */
  readonly processes: number;
  /** Remembered, of all types, the host's left out. */
  readonly namespaces: number;
}

/** What is still there, by the kernel's own books. */
export interface Remains {
  readonly processes: readonly string[];
  /** Nobody has waited for them yet. */
  readonly zombies: number;
  readonly namespaces: readonly string[];
}

/** A small C program: killing at a moment, and namespaces by file handles. See probe/. */
export interface Probe {
  /** nsfs has file handles since Linux 6.18, and only root may open them. */
  readonly handles: boolean;
  strike(
    ui: number,
    microseconds: number,
    random: number,
    victims: readonly Victim[],
  ): Promise<Strike>;
  left(mark: string, lab: string): Promise<Remains>;
  end(): void;
}

const sources = fileURLToPath(new URL("probe", import.meta.url));

/** Where cc(1) put the program; the caller removes the folder. */
export function buildProbe(): { readonly program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "tsi-chaos-"));
  // Those who run rootless labs find the helper's copy in it.
  chmodSync(folder, 0o755);
  const program = join(folder, "probe");
  const files = readdirSync(sources).filter((name) => name.endsWith(".c"));
  const flags = ["-O2", "-std=c11", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE", "-o", program];
  execFileSync("cc", [...flags, ...files.map((name) => join(sources, name))], { stdio: "inherit" });
  return { program, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export async function startProbe(program: string): Promise<Probe> {
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const ask = createAsker(child);
  const { handles } = (await ask("hello")) as { handles: boolean };
  return {
    handles,
    strike: async (ui, microseconds, random, victims) =>
      (await ask(`strike ${ui} ${microseconds} ${random} ${victims.join("+")}`)) as Strike,
    left: async (mark, lab) => (await ask(`left ${mark} ${lab}`)) as Remains,
    end: () => child.stdin?.end(),
  };
}

function createAsker(child: ChildProcess): (line: string) => Promise<unknown> {
  const waiting: ((line: string) => void)[] = [];
  if (child.stdout === null) throw new Error("no stdout");
  createInterface(child.stdout).on("line", (line) => waiting.shift()?.(line));
  child.on("exit", (code) => {
    if (waiting.length > 0) throw new Error(`the probe ended with ${code}`);
  });
  return (line) =>
    new Promise((resolve, reject) => {
      waiting.push((answer) => {
        try {
          resolve(JSON.parse(answer));
        } catch {
          reject(new Error(`the probe said ${answer}`));
        }
      });
      child.stdin?.write(`${line}\n`);
    });
}
