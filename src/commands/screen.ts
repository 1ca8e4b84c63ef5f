import { keepPaneSizes, readPaneSizes } from "../host/pane-sizes-file.ts";
import { runWorkbench } from "../ui/run-workbench.ts";
import { keepHeapLean } from "./lean-heap.ts";
import type { Session } from "./session.ts";
import { summaryLines } from "./transcript.ts";
import type { View } from "./walk.ts";

export interface ScreenOptions {
  readonly auto: boolean;
  readonly from: string | null;
  readonly notes: boolean;
  /** Why there can be no new lab in this session's place; null: there can. */
  readonly noAfresh: string | null;
  readonly mouse: boolean;
}

/** A lesson on the full screen. Loaded only then: Ink and React cost the pipes nothing. */
export function screenView(session: Session, options: ScreenOptions): View {
  const { stdin, stdout } = process;
  let wanted: string | null = null;
  return {
    handlesSignals: true,
    async run() {
      keepHeapLean();
      const sizes = readPaneSizes();
      const left = await runWorkbench({ ...session, ...options, sizes, stdin, stdout });
      wanted = left.afresh;
      if (left.sizes !== sizes) keepPaneSizes(left.sizes);
      return left.reason;
    },
    afresh: () => wanted,
    finish: (summary) => stdout.write(`${summaryLines(summary).join("\n").trim()}\n`),
  };
}
