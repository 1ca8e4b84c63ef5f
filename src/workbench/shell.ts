import { type Next, only, runStep } from "./next.ts";
import { hasRun, type WorkbenchState } from "./state.ts";

/** Ctrl-], as telnet(1) has it: a shell has other uses for all that is easier to type. */
const LEAVE = "\u001d";

/**
 * The learner types into a shell in the lab. Where the step is not done yet this is an attempt at
 * it, which ends when its checks hold, however that came about.
 */
export function shell(state: WorkbenchState): Next {
  if (state.replay) return only({ ...state, notice: "a replay has no lab to type in" });
  if (state.welcome) return only({ ...state, notice: "Enter begins; then ! opens a shell" });
  const { plan } = state;
  const panes = plan.panes.includes("shell") ? plan.panes : [...plan.panes, "shell" as const];
  const typing: WorkbenchState = {
    ...state,
    ...{ plan: { ...plan, panes }, focus: "shell", tab: "shell", chosen: "shell" },
    ...{ typing: true, shellAlive: true, held: null, paused: false, resting: null, auto: false },
    ...{ scrubbing: null, step: state.scrubbing?.from ?? state.step },
  };
  const open = state.shellAlive ? [] : [{ kind: "shell" } as const];
  if (state.running !== null || isDone(typing)) return { state: typing, effects: open };
  const { state: trying, effects } = runStep(typing, typing.step, "hand");
  return { state: trying, effects: [...open, ...effects] };
}

function isDone(state: WorkbenchState): boolean {
  const { steps, step, failed } = state;
  return hasRun(state, step) && !failed.includes(steps[step] ?? "");
}

export function typed(state: WorkbenchState, data: string): Next {
  if (!state.typing) return only(state);
  if (data === LEAVE) return only({ ...state, typing: false, notice: null, focus: "lesson" });
  return { state, effects: [{ kind: "type", data }] };
}

/** `exit`, or the lab is going. */
export function shellEnded(state: WorkbenchState, opened: boolean): Next {
  const { focus, zoomed } = state;
  const away = focus === "shell" && !zoomed ? "lesson" : focus;
  const notice = opened
    ? "the shell has ended; ! opens another"
    : "no shell can be opened in this lab; the events say why";
  return only({ ...state, shellAlive: false, typing: false, focus: away, notice });
}
