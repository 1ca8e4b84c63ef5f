import type { Run, Watch } from "../../../lesson/lesson.ts";
import { printable } from "../../../timeline/printable.ts";
import { fillLine, hardWrap, type Line, span, spread, textOf, widthOf } from "../../text.ts";
import { highlight, sliceLine } from "./highlight.ts";

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
  const text = printable(script).replace(/\n+$/, "");
  return highlight(text, "sh", "command").flatMap((line, index) =>
    softWrap(textOf(line), room).map(({ indent, from, to }, part) => [
      index === 0 && part === 0 ? span("$ ", "key") : span("  "),
      ...(indent > 0 ? [span(" ".repeat(indent))] : []),
      ...sliceLine(line, from, to),
    ]),
  );
}

/** A part of a line, and how far it is set in. */
interface Piece {
  readonly indent: number;
  readonly from: number;
  readonly to: number;
}

const INDENT = 4;
/** With less room than this nothing is gained by wrapping more than once. */
const NARROW = 8;

/** Cut at spaces where possible; what follows is set in, so that it reads as one command. */
function softWrap(line: string, width: number): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0, indent = 0; ; indent = INDENT) {
    const rest = " ".repeat(indent) + line.slice(from);
    if (widthOf(rest) <= width || (indent > 0 && width <= NARROW))
      return [...pieces, { indent, from, to: line.length }];
    const whole = hardWrap(rest, width)[0] ?? rest;
    const space = whole.lastIndexOf(" ");
    const to = from + Math.max(1, (space > width / 2 ? space : whole.length) - indent);
    pieces.push({ indent, from, to });
    from = to + (/^ */.exec(line.slice(to))?.[0].length ?? 0);
  }
}
