import { Box, Text } from "ink";
import { memo } from "react";
import { isTooSmall } from "../workbench/state.ts";
import { headerLines, keysLine } from "./chrome.ts";
import { drawPane } from "./draw-pane.ts";
import { helpLines } from "./help.ts";
import { headerRows, type Layout, layoutOf, type PlacedPane } from "./layout.ts";
import { outcomeLines } from "./panes/lesson/outcomes.ts";
import type { Panes } from "./panes.ts";
import { promptLine } from "./prompt.ts";
import { questionTarget } from "./question.ts";
import { clipLine, type Line, span } from "./text.ts";
import type { Paint } from "./theme.ts";
import type { View } from "./view.ts";
import { wrapSpans } from "./wrap.ts";

interface ScreenProps {
  readonly view: View;
  readonly panes: Panes;
  readonly paint: Paint;
}

/** One whole frame. Panes come as lines that fit, so that Ink has nothing to measure or to wrap. */
export function Screen({ view, panes, paint }: ScreenProps) {
  const { columns, rows, overlay } = view.state;
  if (isTooSmall(view.state)) return <TooSmall view={view} paint={paint} />;
  const prompt = promptLine(view, questionTarget(view, panes.lesson) === null);
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Rows lines={headerLines(view, columns)} paint={paint} />
      {overlay === null ? (
        <Body view={view} panes={panes} paint={paint} />
      ) : (
        <Overlay view={view} paint={paint} />
      )}
      <Row text={paint([span(" "), ...clipLine(prompt, columns - 2)])} />
      <Row text={paint(keysLine(view, columns))} />
    </Box>
  );
}

/** An empty text would take no row at all. */
const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text === "" ? " " : text}</Text>;
});

function Rows({ lines, paint }: { readonly lines: readonly Line[]; readonly paint: Paint }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
  return lines.map((line, index) => <Row key={index} text={paint(line)} />);
}

function Body({ view, panes, paint }: ScreenProps) {
  const layout = layoutOf(view);
  const draw = (placed: PlacedPane) => (
    <PaneRows key={placed.pane} {...{ placed, layout, view, panes, paint }} />
  );
  const lesson = layout.lesson === null ? null : draw(layout.lesson);
  const kernel = layout.kernel.map(draw);
  if (layout.kind !== "side-by-side")
    return (
      <Box flexDirection="column" flexGrow={1}>
        {lesson}
        {kernel}
      </Box>
    );
  return (
    <Box flexGrow={1}>
      {lesson}
      <Box flexDirection="column" {...RULE}>
        {kernel}
      </Box>
    </Box>
  );
}

/** The line that parts the two columns. */
const RULE = {
  borderStyle: "single",
  borderTop: false,
  borderRight: false,
  borderBottom: false,
  borderDimColor: true,
} as const;

interface PaneRowsProps extends ScreenProps {
  readonly placed: PlacedPane;
  readonly layout: Layout;
}

function PaneRows({ placed, layout, view, panes, paint }: PaneRowsProps) {
  return (
    <Box flexDirection="column" width={placed.width} height={placed.height}>
      <Rows lines={drawPane(panes[placed.pane], placed, layout, view)} paint={paint} />
    </Box>
  );
}

function Overlay({ view, paint }: { readonly view: View; readonly paint: Paint }) {
  const { columns, rows, overlay } = view.state;
  const room = rows - 2 - headerRows(view.mode);
  const linesOf = overlay === "help" ? helpLines : outcomeLines;
  const lines = linesOf(view, columns - 2, room - 1).map((line) => clipLine(line, columns));
  return (
    <Box flexDirection="column" flexGrow={1}>
      <Rows lines={[[], ...lines].slice(0, room)} paint={paint} />
    </Box>
  );
}

function TooSmall({ view, paint }: { readonly view: View; readonly paint: Paint }) {
  const { columns, rows } = view.state;
  const sentence = `This terminal has ${columns}×${rows}; 60×16 or more is needed. q quits.`;
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Rows lines={wrapSpans([span(sentence)], columns).slice(0, rows)} paint={paint} />
    </Box>
  );
}
