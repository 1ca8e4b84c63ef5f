import type { Event, Output } from "../../../timeline/event.ts";
import { printable } from "../../../timeline/printable.ts";
import { createChosenEvents } from "../../chosen-events.ts";
import type { Pane } from "../../pane.ts";
import { type Line, span } from "../../text.ts";
import type { View } from "../../view.ts";
import { wrapSpans } from "../../wrap.ts";
import { createEmulator, type Emulator, loadEmulator } from "./emulator.ts";

interface Kept {
  /** So many of the shell's events. */
  taken: number;
  run: number | null;
  emulator: Emulator | null;
}

/** The learner's shell in the lab, as its terminal shows it. */
export function createShellPane(): Pane {
  const chosen = createChosenEvents(isShells);
  let kept: Kept = { taken: 0, run: null, emulator: null };
  const at = (view: View): Kept => {
    const { places, count } = chosen(view);
    if (count < kept.taken) kept = { taken: 0, run: null, emulator: null };
    const next = (): Event => view.events[places[kept.taken] ?? 0] as Event;
    while (kept.taken < count && take(kept, next())) kept.taken++;
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

function isShells(event: Event): boolean {
  if (event.kind === "output") return event.stream === "pty";
  if (event.kind === "flood") return event.counts["output.pty"] !== undefined;
  return event.kind === "shell.start" || event.kind === "shell.size";
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
  if (event.kind === "flood") kept.emulator?.write(gapText(event.counts["output.pty"] ?? 0));
  if (event.kind === "output" && event.stream === "pty" && event.run === kept.run)
    kept.emulator?.write(bytesOf(event));
  return true;
}

/** CAN ends a control sequence that was cut, SGR 0 its colours (console_codes(4)). */
function gapText(pieces: number): string {
  return `\x18\x1b[0m\r\n… ${pieces} pieces came too fast to be kept …\r\n`;
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
