import { encodeEvent } from "../timeline/recording.ts";
import type { Session } from "./session.ts";
import { type View, type Walker, walk } from "./walk.ts";

/** A lesson as JSON Lines on stdout: every event as it happens, the summary last. */
export function jsonView(session: Session, from: string | null): View {
  const { timeline } = session;
  let printed = 0;
  const printNew = (): void => {
    const lines = timeline.events.slice(printed).map(encodeEvent);
    printed = timeline.events.length;
    if (lines.length > 0) process.stdout.write(lines.join(""));
  };
  return {
    handlesSignals: false,
    run() {
      timeline.subscribe(printNew);
      printNew();
      return walk(session, from, SILENT);
    },
    finish: (summary) => process.stdout.write(`${JSON.stringify(summary)}\n`),
  };
}

const SILENT: Walker = {
  begin: () => {},
  ready: async () => true,
  ended: () => {},
  again: async () => null,
};
