import type { Event, Output } from "../../../timeline/event.ts";
import { printable } from "../../../timeline/printable.ts";
import type { Pane } from "../../pane.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { wrapSpans } from "../../wrap.ts";
import { createEmulator, type Emulator, loadEmulator } from "./emulator.ts";

interface Kept {
  seen: number;
  run: number | null;
  emulator: Emulator | null;
}

/** The learner's shell in the lab, as its terminal shows it. */
export function createShellPane(): Pane {
  let kept: Kept = { seen: 0, run: null, emulator: null };
  const at = (view: View): Kept => {
    if (view.cursor < kept.seen) kept = { seen: 0, run: null, emulator: null };
    while (kept.seen < view.cursor && take(kept, view.events[kept.seen] as Event)) kept.seen++;
    return kept;
  };
  return {
    id: "shell",
    about: ({ state }) => (state.typing ? ["Ctrl-] gives the keys back"] : []),
    count(view, width) {
      const { emulator } = at(view);
      return emulator === null ? invitation(view, width).length : emulator.count();
    },
    lines(view, width, from, count) {
      const { emulator } = at(view);
      if (emulator === null) return invitation(view, width).slice(from, from + count);
      const rows = Math.max(0, Math.min(count, emulator.count() - from));
      return emulator.lines(from, rows).map(safe);
    },
    applicationCursor: (view) => at(view).emulator?.applicationCursor() ?? false,
  };
}

/** False: the emulator is being loaded, and the event waits for it. */
function take(kept: Kept, event: Event): boolean {
  if (event.kind === "shell.start") {
    const emulator = createEmulator(event.columns, event.rows);
    if (emulator === null) {
      loadEmulator().catch(() => {});
      return false;
    }
    kept.run = event.run;
    kept.emulator = emulator;
  }
  if (event.kind === "shell.size" && event.run === kept.run)
    kept.emulator?.resize(event.columns, event.rows);
  if (event.kind === "output" && event.stream === "pty" && event.run === kept.run)
    kept.emulator?.write(bytesOf(event));
  return true;
}

function bytesOf({ text, base64 }: Output): string | Uint8Array {
  return text ?? Buffer.from(base64 ?? "", "base64");
}

/** The emulator has taken the control characters; what reorders text is in its cells still. */
function safe(line: Line): Line {
  return line.map((piece) => ({ ...piece, text: printable(piece.text) }));
}

function invitation({ mode }: View, width: number): Line[] {
  const words =
    mode.kind === "live"
      ? "! opens a shell in the lab. Do the step your own way: it is done when its checks hold."
      : "Nobody has opened a shell in this recording so far.";
  return wrapSpans([span(words, "dim")], width);
}
