import type { Event } from "../../../timeline/event.ts";
import type { Exchange, ExchangeEvent } from "../../../timeline/event-exchange.ts";
import { createChosenEvents } from "../../chosen-events.ts";
import { oneLine, originSpans, relativeTime } from "../../labels.ts";
import { createListPane } from "../../list-pane.ts";
import type { Pane } from "../../pane.ts";
import { type Row, rowsOf } from "../../rows.ts";
import { clip, type Line, type Span, span, spread, widthOf } from "../../text.ts";
import type { View } from "../../view.ts";
import { withoutIds } from "../events/event-line-daemon.ts";
import { evidenceLines } from "../flow/evidence.ts";
import { stepBegan, stepRule } from "../lesson/step-rule.ts";

interface Entry {
  readonly event: ExchangeEvent;
  readonly at: number;
}

/** What was asked through sockets and answered: requests, hijacked streams, gRPC. */
export function createExchangesPane(): Pane {
  const chosen = createChosenEvents(isExchange);
  let entries: Entry[] = [];
  const entriesOf = (view: View): readonly Entry[] => {
    const { places, count } = chosen(view);
    if (count < entries.length) entries = [];
    while (entries.length < count) {
      const at = places[entries.length] ?? 0;
      insert(entries, { event: view.events[at] as ExchangeEvent, at });
    }
    return entries;
  };
  return createListPane({
    id: "exchanges",
    empty: "No request has been seen yet: they are read from traced commands.",
    about: (view) => {
      const requests = entriesOf(view).filter(({ event }) => event.kind === "exchange");
      return requests.length === 0 ? [] : [`${requests.length} requests`];
    },
    head: (_, width) => [span(clip(HEAD, width), "dim")],
    rows: (view, width) => rowsOf(allRows(view, entriesOf(view), width)),
    evidence(view, width, key, folded) {
      const entry = entriesOf(view).find(({ at }) => `${at}` === key);
      if (entry === undefined) return null;
      const since = stepBegan(view, beganAt(entry.event))?.t ?? 0;
      return evidenceLines(entry.event, { width, since, folded });
    },
  });
}

const HEAD = "    time  request → answer";

function isExchange(event: Event): event is ExchangeEvent {
  return event.kind.startsWith("exchange");
}

/** In the order in which they were asked, though they are known when they were answered. */
function insert(entries: Entry[], entry: Entry): void {
  const t = beganAt(entry.event);
  let place = entries.length;
  while (place > 0 && beganAt((entries[place - 1] as Entry).event) > t) place--;
  entries.splice(place, 0, entry);
}

function beganAt(event: ExchangeEvent): number {
  return event.kind === "exchange.stream" ? event.t : event.began;
}

function allRows(view: View, entries: readonly Entry[], width: number): Row[] {
  const rows: Row[] = [];
  let step: number | null = null;
  for (const { event, at } of entries) {
    const began = stepBegan(view, beganAt(event));
    if (began !== null && began.t !== step) {
      step = began.t;
      rows.push({ draw: () => stepRule(view, began.step, width), key: null });
    }
    rows.push({ draw: () => entryLine(event, began?.t ?? 0, width), key: `${at}` });
  }
  return rows;
}

function entryLine(event: ExchangeEvent, since: number, width: number): Line {
  const time = span(`${relativeTime(beganAt(event), since).padStart(8)} `, "dim");
  const origin = originSpans(event);
  const { what, facts } = describe(event);
  const right = facts.length === 0 ? [] : [span(`  ${facts.join("  ")}`, "dim")];
  // The path gives way before the answer and the figures do.
  const tail = event.kind === "exchange" ? answerSpans(event) : [];
  const used = [time, ...origin, ...tail, ...right].reduce(
    (sum, { text }) => sum + widthOf(text),
    0,
  );
  const head = [
    time,
    ...origin,
    span(clip(what, Math.max(8, width - used)), styleOf(event)),
    ...tail,
  ];
  return spread(head, right, width);
}

function styleOf(event: ExchangeEvent) {
  return event.kind === "exchange" ? "command" : "kernel";
}

function answerSpans({ status, upgrade, response }: Exchange): Span[] {
  if (status === undefined) return [span(" → "), span("! no answer", "caution")];
  const became = upgrade === undefined ? [] : [span(` ${oneLine(upgrade)}`, "kernel")];
  const cut = response?.cut === true ? [span(" no end", "caution")] : [];
  return [span(" → "), span(`${status}`, status < 400 ? "good" : "bad"), ...became, ...cut];
}

function describe(event: ExchangeEvent): { what: string; facts: string[] } {
  if (event.kind === "exchange.http2") {
    const facts = [bytesText(event.sent), bytesText(event.received)];
    const what = event.paths?.join(" ") ?? event.socket ?? "";
    return { what: oneLine(`gRPC (HTTP/2) ${what}`), facts: [facts.join(" → ")] };
  }
  if (event.kind === "exchange.stream") {
    const way = event.direction === "in" ? "from" : "to";
    const text = event.text === undefined ? "" : `: ${event.text.trimEnd()}`;
    const what = `${event.stream ?? "stream"} ${way} the container${text}`;
    return { what: oneLine(what), facts: [bytesText(event.bytes)] };
  }
  const { method, path, query, request, response, t, began, own } = event;
  const by = own === true ? "(ours) " : "";
  const target = query === undefined ? path : `${path}?${query}`;
  const size = `${bytesText(request.bytes)} → ${bytesText(response?.bytes ?? 0)}`;
  const took = event.status === undefined ? [] : [`${((t - began) / 1e6).toFixed(1)} ms`];
  return { what: oneLine(`${by}${method} ${withoutIds(target)}`), facts: [size, ...took] };
}

function bytesText(bytes: number): string {
  return bytes < 10_000 ? `${bytes} B` : `${(bytes / 1024).toFixed(0)} KiB`;
}
