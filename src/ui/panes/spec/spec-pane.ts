import type { Bundle } from "../../../timeline/world.ts";
import { endSpan, oneLine } from "../../labels.ts";
import type { Pane } from "../../pane.ts";
import { stepSpan } from "../../step-span.ts";
import type { StyleName } from "../../text.ts";
import { clip, clipLine, type Line, span, widthOf } from "../../text.ts";
import type { View } from "../../view.ts";
import type { Mark, SpecField, SpecSection } from "./spec-field.ts";
import { specSections } from "./spec-sections.ts";

interface Shown {
  readonly view: View;
  readonly bundle: Bundle | null;
  readonly sections: readonly SpecSection[] | null;
}

/** A container's config.json beside what the kernel shows: the same, different, not to be seen. */
export function createSpecPane(): Pane {
  let known: Shown | null = null;
  const shown = (view: View): Shown => {
    if (known?.view !== view) {
      const bundle = bundleOfInterest(view);
      const sections = bundle === null ? null : specSections(bundle, view.world);
      known = { view, bundle, sections };
    }
    return known;
  };
  return {
    id: "spec",
    about: (view) => about(shown(view).sections),
    count: (view) => rows(shown(view)).length,
    lines: (view, width, from, count) =>
      rows(shown(view))
        .slice(from, from + count)
        .map((row) => clipLine(row(width), width)),
    anchor: () => 0,
  };
}

/** The one that was made last in this step; in none, the last one that runs; or just the last. */
function bundleOfInterest(view: View): Bundle | null {
  const bundles = [...view.world.bundles.values()];
  const { start } = stepSpan(view);
  const runs = ({ pid }: Bundle): boolean =>
    pid !== null && view.world.processes.get(pid)?.exit === null;
  const last = bundles.at(-1) ?? null;
  return last !== null && last.foundAt >= start ? last : (bundles.findLast(runs) ?? last);
}

const SIGNS: Readonly<Record<Mark, string>> = { same: "=", differs: "≠", unseen: "?" };
const STYLES: Readonly<Record<Mark, StyleName | undefined>> = {
  same: "good",
  differs: "bad",
  unseen: "dim",
};

function about(sections: readonly SpecSection[] | null): string[] {
  if (sections === null) return ["config.json beside the kernel"];
  const fields = sections.flatMap(({ fields }) => fields);
  const count = (mark: Mark): number => fields.filter((field) => field.mark === mark).length;
  const [same, differs, unseen] = [count("same"), count("differs"), count("unseen")];
  return [
    `= ${same} the same, ≠ ${differs} different, ? ${unseen} not to be seen`,
    `= ${same} ≠ ${differs} ? ${unseen}`,
  ];
}

type Row = (width: number) => Line;

function rows(shown: Shown): Row[] {
  const { view, bundle, sections } = shown;
  if (bundle === null) return [() => [span("No container of runc or crun yet.", "dim")]];
  const title = titleRow(bundle, view);
  if (sections === null)
    return [title, () => [span("Its config.json could not be read.", "caution")]];
  return [
    title,
    ...sections.flatMap((section) => [
      (width: number) => headingLine(section.name, width, section === sections[0]),
      ...section.fields.map((field) => (width: number) => fieldLine(field, width)),
    ]),
  ];
}

function titleRow(bundle: Bundle, { world }: View): Row {
  const process = bundle.pid === null ? undefined : world.processes.get(bundle.pid);
  const end = process?.exit ?? null;
  const others = world.bundles.size - 1;
  const which = [...world.bundles.values()].at(-1) === bundle ? "the last" : "one";
  return () => [
    span(oneLine(nameOf(bundle)), "strong"),
    span(` ${oneLine(bundle.runtime)}, pid ${bundle.labPid}`),
    ...(end === null ? [] : [span(" "), endSpan(end)]),
    span(others > 0 ? `, ${which} of ${others + 1}` : "", "dim"),
    span(`, bundle ${oneLine(bundle.bundle)}`),
  ];
}

/** Docker's names are 64 digits, of which twelve are enough anywhere. */
function nameOf({ container }: Bundle): string {
  return /^[0-9a-f]{64}$/.test(container) ? container.slice(0, 12) : container;
}

interface Columns {
  readonly name: number;
  readonly wanted: number;
}

/** The name as wide as the longest usual one; the rest is for the two sides. */
function columnsOf(width: number): Columns {
  const name = Math.min(26, Math.floor(width * 0.32));
  return { name, wanted: Math.floor((width - name - 4) / 2) };
}

function headingLine(name: string, width: number, first: boolean): Line {
  const columns = columnsOf(width);
  const title = span(cell(name, columns.name + 2), "heading");
  if (!first) return [title];
  return [title, span(cell("config.json", columns.wanted), "dim"), span("the kernel", "dim")];
}

function fieldLine({ name, wanted, seen, mark }: SpecField, width: number): Line {
  const columns = columnsOf(width);
  return [
    span(`${SIGNS[mark]} `, STYLES[mark]),
    span(cell(oneLine(name), columns.name)),
    span(cell(oneLine(wanted), columns.wanted), "dim"),
    span(oneLine(seen), mark === "same" ? undefined : STYLES[mark]),
  ];
}

/** A text in exactly so many columns, the last of them empty. */
function cell(text: string, width: number): string {
  const shown = clip(text, width - 1);
  return shown + " ".repeat(Math.max(0, width - widthOf(shown)));
}
