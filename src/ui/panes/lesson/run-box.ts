import type { Run, Watch } from "../../../lesson/lesson.ts";
import { printable } from "../../../timeline/printable.ts";
import { fillLine, hardWrap, type Line, span, spread, widthOf } from "../../text.ts";

/** A block of commands in a box; `label` says what it came to, or will. */
export function runBox(run: Pick<Run | Watch, "script">, label: Line, width: number): Line[] {
  const inner = Math.max(1, width - 4);
  const body = scriptLines(run.script, inner).map((line) => [
    span("│ ", "dim"),
    ...fillLine(line, inner),
    span(" │", "dim"),
  ]);
  return [border("╭", "╮", label, width), ...body, border("╰", "╯", [], width)];
}

function border(left: string, right: string, label: Line, width: number): Line {
  const shown = label.length === 0 ? [] : [span(" "), ...label, span(" ")];
  return spread([span(`${left}─`, "dim"), ...shown], [span(right, "dim")], width, span("─", "dim"));
}

/** `$` before the first line; what follows stands below it. */
function scriptLines(script: string, width: number): Line[] {
  const room = Math.max(1, width - 2);
  const lines = printable(script).replace(/\n+$/, "").split("\n");
  return lines.flatMap((line, index) =>
    softWrap(line, room).map((piece, part) => [
      index === 0 && part === 0 ? span("$ ", "key") : span("  "),
      span(piece, "command"),
    ]),
  );
}

/** Cut at spaces where possible; what follows is set in, so that it reads as one command. */
function softWrap(line: string, width: number): string[] {
  if (widthOf(line) <= width) return [line];
  const pieces: string[] = [];
  let rest = line;
  while (widthOf(rest) > width) {
    const whole = hardWrap(rest, width)[0] ?? rest;
    const space = whole.lastIndexOf(" ");
    const piece = space > width / 2 ? whole.slice(0, space) : whole;
    pieces.push(piece);
    rest = `    ${rest.slice(piece.length).trimStart()}`;
    if (width <= 8) break;
  }
  return [...pieces, rest];
}
