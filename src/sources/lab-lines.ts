import type { Event, RunExit } from "../timeline/event.ts";
import type { BundleWatch } from "./bundles.ts";
import type { CgroupWatch } from "./cgroups.ts";
import type { Clock } from "./clock.ts";
import { type ExchangeReader, shortenSocketData } from "./exchanges.ts";
import type { Helper, HelperLine } from "./helper.ts";
import { cgroupNotice, helperEvent } from "./helper-events.ts";
import type { HiddenProcesses } from "./hidden-processes.ts";
import type { TraceReader } from "./trace.ts";
import { isUnseen, type UnseenRuns } from "./unseen-runs.ts";
import type { WatchReader } from "./watch-reader.ts";

/** Everything one open lab keeps between events. */
export interface LabState {
  readonly helper: Helper;
  readonly clock: Clock;
  readonly emit: (event: Event) => void;
  readonly traces: Map<number, TraceReader>;
  readonly exchanges: ExchangeReader;
  /** Runs whose output is not shown but read. */
  readonly watches: Map<number, WatchReader>;
  readonly exits: Map<number, (exit: RunExit | null) => void>;
  readonly unseen: UnseenRuns;
  readonly bundles: BundleWatch;
  /** Known once the lab is up. */
  hidden: HiddenProcesses | null;
  readonly hostPids: Map<number, number>;
  /** We are closing it ourselves. */
  closing: boolean;
}

/** Takes the helper's lines until the lab is gone. */
export async function takeLines(
  state: LabState,
  lines: AsyncGenerator<HelperLine, void>,
  watch: CgroupWatch,
): Promise<void> {
  for await (const line of lines) {
    const notice = cgroupNotice(line, state.clock);
    if (notice === null) takeLine(state, line);
    else watch.told(notice);
  }
  for (const trace of state.traces.values()) takeTraced(state, trace.end());
  for (const event of state.exchanges.end(state.clock.now())) state.emit(event);
  for (const exited of state.exits.values()) exited(null);
  state.bundles.close();
  await watch.close();
}

function takeLine(state: LabState, line: HelperLine): void {
  if (line.kind === "output" && line.stream === "trace") {
    const bytes =
      typeof line.text === "string" ? line.text : Buffer.from(String(line.base64), "base64");
    takeTraced(state, state.traces.get(line.run as number)?.push(bytes) ?? []);
    return;
  }
  if (state.unseen.take(line)) return;
  const event = helperEvent(line, state.clock);
  if (event === null) return;
  if ("pid" in event && "labPid" in event && event.pid !== undefined && event.labPid !== undefined)
    state.hostPids.set(event.labPid, event.pid);
  if (!isHidden(state, event)) {
    for (const made of watched(state, event)) state.emit(made);
    state.bundles.notice(event);
  }
  if (event.kind !== "run.exit") return;
  state.exits.get(event.run)?.(event);
  state.exits.delete(event.run);
}

/** A watch's output is its lines, and its end is not a command's. */
function watched({ watches }: LabState, event: Event): readonly Event[] {
  if (event.kind !== "output" && event.kind !== "run.exit") return [event];
  const watch = watches.get(event.run);
  if (watch === undefined) return [event];
  if (event.kind === "output") return watch.push(event);
  return [...watch.end(), { ...event, kind: "watch.exit" }];
}

/** In the order in which the calls returned: sorting by when they began would answer too early. */
function takeTraced({ emit, exchanges }: LabState, events: readonly Event[]): void {
  for (const event of events) {
    emit(event.kind === "syscall" ? shortenSocketData(event) : event);
    for (const exchange of exchanges.push(event)) emit(exchange);
  }
}

/** What was run to measure is not shown, and neither are the processes behind the watching. */
function isHidden(state: LabState, event: Event): boolean {
  if (event.kind === "run.exit") return isUnseen(event.run);
  return state.hidden?.hides(event) ?? false;
}
