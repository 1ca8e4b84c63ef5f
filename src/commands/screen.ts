import { runWorkbench } from "../ui/run-workbench.tsx";
import type { Session } from "./session.ts";
import { summaryLines } from "./transcript.ts";
import type { View } from "./walk.ts";

/** A lesson on the full screen. Loaded only then: Ink and React cost the pipes nothing. */
export function screenView(
  session: Session,
  options: { readonly auto: boolean; readonly from: string | null; readonly notes: boolean },
): View {
  const { stdin, stdout } = process;
  return {
    handlesSignals: true,
    run: () => runWorkbench({ ...session, ...options, stdin, stdout }),
    finish: (summary) => stdout.write(`${summaryLines(summary).join("\n").trim()}\n`),
  };
}
