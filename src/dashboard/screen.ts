import type { Element, Screen } from "blessed";
import blessed from "blessed";
// Each by its own file: the package's index loads maps and XML, which nobody needs here.
import line, { type Line } from "blessed-contrib/lib/widget/charts/line.js";
import table, { type Table } from "blessed-contrib/lib/widget/table.js";
import { printable } from "../timeline/printable.ts";
import {
  cpuSeries,
  eventSeries,
  HEADERS,
  type History,
  memorySeries,
  pidsSeries,
  type Series,
  scaleOf,
  tableRows,
} from "./history.ts";

export interface DashboardOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** What is looked at, for the first line. */
  readonly title: string;
  /** Why there are no events to be counted; null: there are. */
  readonly noEvents: string | null;
  /** Asked for with a key. */
  readonly onQuit: () => void;
}

export interface Dashboard {
  draw(history: History): void;
  /** What is on it, as text. */
  screenshot(): string;
  /** Gives the terminal back as it was. */
  close(): void;
}

interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly series: (history: History, path: string) => Series[];
}

const CHARTS: readonly Chart[] = [
  { title: "memory", unit: "MiB", series: memorySeries },
  { title: "cpu", unit: "", series: cpuSeries },
  { title: "processes", unit: "", series: pidsSeries },
  { title: "events", unit: "/s", series: eventSeries },
];
/** Beside the colours, each line's value stands in the chart's title, by name. */
const COLOURS = ["green", "red", "yellow", "magenta"];
const COLUMN_WIDTHS = [24, 10, 10, 7, 6, 10, 9];
const SPACING = 1;
const KEYS = "q quit   ↑ ↓ group";

/** Charts on a whole terminal, with blessed and blessed-contrib. */
export function openDashboard(options: DashboardOptions): Dashboard {
  const { input, output } = options;
  const screen = blessed.screen({
    ...{ input, output, smartCSR: true, fullUnicode: true, forceUnicode: true },
    // What is drawn here every terminal knows; some have no terminfo(5) entry where we run.
    ...{ terminal: "xterm-256color", warnings: false, title: "tsinternals dashboard" },
  });
  let widgets = createWidgets(screen);
  let shown: History | null = null;
  let selected = 0;
  const draw = (): void => {
    if (shown === null) return;
    selected = Math.max(0, Math.min(selected, tableRows(shown).length - 1));
    drawWidgets(widgets, options, shown, selected);
    screen.render();
  };
  const select = (by: number) => () => {
    selected += by;
    draw();
  };
  screen.key(["q", "C-c", "escape"], options.onQuit);
  screen.key(["down", "j", "tab"], select(1));
  screen.key(["up", "k", "S-tab"], select(-1));
  // Charts know their size only when they are made.
  screen.on("resize", () => {
    for (const element of Object.values(widgets).flat()) element.destroy();
    widgets = createWidgets(screen);
    draw();
  });
  return {
    draw(history) {
      shown = history;
      draw();
    },
    screenshot: () => screen.screenshot(),
    close: () => screen.destroy(),
  };
}

interface Widgets {
  readonly head: Element;
  readonly charts: readonly Line[];
  readonly groups: Table;
}

function createWidgets(screen: Screen): Widgets {
  const head = blessed.box({ top: 0, left: 0, width: "100%", height: 1, tags: false });
  // The table takes a quarter, the charts share the rest, two beside each other.
  const rows = Math.max(4, Math.floor((screen.height - 1) * 0.37));
  const half = Math.floor(screen.width / 2);
  const charts = CHARTS.map(({ title }, index) => {
    const [left, width] = index % 2 === 0 ? [0, half] : [half, screen.width - half];
    return line({
      ...{ top: 1 + Math.floor(index / 2) * rows, left, width, height: rows, label: ` ${title} ` },
      ...{ border: { type: "line" }, xPadding: 5, showNthLabel: 9999, numYLabels: 4 },
      style: { text: "white", baseline: "white", border: { fg: "white" } },
    });
  });
  const groups = table({
    ...{ top: 1 + 2 * rows, left: 0, width: "100%", height: screen.height - 1 - 2 * rows },
    ...{ label: " groups ", border: { type: "line" }, interactive: false, fg: "white" },
    ...{ columnSpacing: SPACING + 1, columnWidth: [columnRest(screen), ...COLUMN_WIDTHS.slice(1)] },
  });
  for (const element of [head, ...charts, groups]) screen.append(element);
  return { head, charts, groups };
}

/** The paths get what the numbers leave. */
function columnRest({ width }: Screen): number {
  const numbers = COLUMN_WIDTHS.slice(1).reduce((sum, each) => sum + each + SPACING, 0);
  return Math.max(COLUMN_WIDTHS[0] ?? 0, width - numbers - 8);
}

function drawWidgets(
  { head, charts, groups }: Widgets,
  { title, noEvents }: DashboardOptions,
  history: History,
  selected: number,
): void {
  const rows = tableRows(history);
  const path = rows[selected]?.[0] ?? "/";
  const state = rows.length === 0 ? "GONE" : "LIVE";
  head.setContent(` ${state}  ${printable(title)}  ${printable(path)}   ${KEYS}`);
  charts.forEach((chart, index) => {
    const about = CHARTS[index] as Chart;
    if (about.title === "events" && noEvents !== null)
      setLabel(chart, `events: ${printable(noEvents)}`);
    else drawChart(chart, about, about.series(history, path));
  });
  // As many as there is room for, the selected one among them.
  const room = Math.max(1, groups.height - 4);
  const first = Math.max(0, Math.min(selected - room + 1, rows.length - room));
  const data = rows.slice(first, first + room).map(([name = "", ...numbers], index) => {
    const mark = first + index === selected ? "▸ " : "  ";
    return [blessed.escape(mark + printable(name)), ...numbers];
  });
  groups.setData({ headers: ["  group", ...HEADERS.slice(1)], data });
}

function drawChart(chart: Line, { title, unit }: Chart, series: readonly Series[]): void {
  const values = series.map(({ name, values: [...all] }) => `${name} ${short(all.at(-1) ?? 0)}`);
  setLabel(chart, `${title}${unit === "" ? "" : ` ${unit}`}: ${values.join(", ")}`);
  // It scales by itself to nothing but its largest value, which may be none.
  (chart as unknown as { options: { maxY: number } }).options.maxY = scaleOf(series);
  const length = Math.max(1, ...series.map((each) => each.values.length));
  const x = Array.from({ length }, () => " ");
  chart.setData(
    series.map(({ name, values: all }, index) => ({
      ...{ title: name, x, y: all.length > 0 ? all : [0] },
      style: { line: COLOURS[index % COLOURS.length] as string },
    })),
  );
}

/** One that is too long would go on inside the chart. */
function setLabel(chart: Line, text: string): void {
  chart.setLabel(` ${text.slice(0, Math.max(0, chart.width - 6))} `);
}

function short(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}
