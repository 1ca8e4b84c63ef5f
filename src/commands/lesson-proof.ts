import { checkResults } from "../lesson/check.ts";
import type { SelectedStep } from "../lesson/select.ts";
import type { Event } from "../timeline/event.ts";
import { printable } from "../timeline/printable.ts";

/** A number that a lesson owes. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
}

export function verdict({ value, goal }: Figure): "ok" | "short" {
  return value === goal ? "ok" : "short";
}

export function say(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** Counts, step after step, which checks were false before their step and true after it. */
export interface Proof {
  /** @param early the ids of the checks that held before the step's first command */
  step(step: SelectedStep, events: readonly Event[], early: ReadonlySet<string>): void;
  figures(): Figure[];
}

/** @param recorded a recording that ships must hold every step; a lab may lack what some need */
export function createProof(name: string, recorded: boolean): Proof {
  let checks = 0;
  let falseBefore = 0;
  let trueAfter = 0;
  return {
    step(step, events, early) {
      for (const { check, outcome, detail } of checkResults(step.checks, events, step.id)) {
        if (outcome === "unable") {
          say(`${name} ${check.id}: SKIP could not run here: ${detail}`);
          if (!recorded) continue;
        }
        checks++;
        if (!early.has(check.id)) falseBefore++;
        if (outcome === "passed") trueAfter++;
        const before = early.has(check.id) ? "TRUE BEFORE ITS STEP" : "false before";
        const after =
          outcome === "passed" ? "true after" : `${outcome.toUpperCase()} AFTER: ${detail}`;
        say(`${name} ${check.id}: ${before}, ${after}: ${check.that}`);
      }
    },
    figures: () => [
      { name: `${name}-checks-false-before`, value: falseBefore, goal: checks },
      { name: `${name}-checks-true-after`, value: trueAfter, goal: checks },
    ],
  };
}
