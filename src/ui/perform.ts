import type { Driver, Way } from "../drivers/driver.ts";
import { checkResults } from "../lesson/check.ts";
import type { SelectedLesson } from "../lesson/select.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Effect, Message } from "../workbench/message.ts";
import type { LeaveReason } from "../workbench/state.ts";
import type { ShellKeeper } from "./panes/shell/shell-keeper.ts";
import { suspendJob } from "./suspending.ts";

/** In auto mode, time to read after each step (milliseconds). */
const READING_TIME = 1200;

export interface Stagehands {
  readonly timeline: Timeline;
  readonly lesson: SelectedLesson;
  readonly driver: Driver;
  readonly shell: ShellKeeper;
  dispatch(message: Message): void;
  /** Hands over at once what the timeline has grown by. */
  catchUp(): void;
  /** Gives the terminal back. */
  restore(): void;
  /** The driver has left. */
  over(reason: LeaveReason): void;
  fail(error: unknown): void;
}

export interface Performing {
  perform(effect: Effect): void;
  stop(): void;
}

/** Does what the workbench asks for: the one place where the screen causes anything. */
export function createPerforming(hands: Stagehands): Performing {
  const { driver, dispatch, fail } = hands;
  let resting: NodeJS.Timeout | undefined;
  return {
    perform(effect) {
      switch (effect.kind) {
        case "run":
          run(hands, effect.step, effect.way).catch(fail);
          break;
        case "answer":
          driver.answer(effect.step, effect.answer);
          break;
        case "shell":
          hands.shell.open().catch(fail);
          break;
        case "type":
          hands.shell.type(effect.data);
          break;
        case "interrupt":
          driver.interrupt();
          break;
        case "suspend":
          suspendJob();
          break;
        case "rest":
          clearTimeout(resting);
          resting = setTimeout(() => dispatch({ kind: "rested", step: effect.step }), READING_TIME);
          break;
        case "leave":
          leave(hands, effect.reason);
          break;
      }
    },
    stop: () => clearTimeout(resting),
  };
}

async function run(hands: Stagehands, step: string, way?: Way | "hand"): Promise<void> {
  const { driver, timeline, lesson, dispatch, catchUp } = hands;
  await driver.run(step, way);
  catchUp();
  const checks = lesson.steps.find(({ id }) => id === step)?.checks ?? [];
  const results = checkResults(checks, timeline.events, step);
  const failedChecks = results.filter(({ outcome }) => outcome === "failed").length;
  dispatch({ kind: "ran", step, failedChecks, at: performance.now() });
}

function leave({ driver, restore, over, fail }: Stagehands, reason: LeaveReason): void {
  // Who interrupts wants the terminal back now; the lab may take a moment longer.
  if (reason === "interrupted") restore();
  driver.leave(reason).then(() => over(reason), fail);
}
