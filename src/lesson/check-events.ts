import type { Event } from "../timeline/event.ts";
import { countedIn } from "../timeline/event-flood.ts";
import type { EventClaim } from "./lesson.ts";
import { describeMatcher, matches } from "./match.ts";
import { failed, PASSED, skipped, type Verdict } from "./verdict.ts";

/** A claim about the events of a step: such a one was seen, or so many. */
export function eventVerdict(claim: EventClaim, events: readonly Event[]): Verdict {
  const matching = (event: Event): boolean =>
    event.kind === claim.event &&
    Object.entries(claim.where).every(([field, matcher]) =>
      matches(matcher, textOfList(valueAt(event, field.split(".")))),
    );
  const count = events.filter(matching).length;
  const unknown = countedIn(events, claim.event);
  if (unknown > 0 && !(claim.count?.kind === "at-least" || claim.count === null))
    return skipped(onlyCounted(unknown, claim.event));
  if (claim.count === null ? count > 0 : matches(claim.count, count)) return PASSED;
  if (unknown > 0) return skipped(onlyCounted(unknown, claim.event));
  const wanted = Object.entries(claim.where).map(
    ([field, matcher]) => `${field} ${describeMatcher(matcher)}`,
  );
  const suffix = wanted.length === 0 ? "" : ` with ${wanted.join(", ")}`;
  if (claim.count === null) return failed(`no ${claim.event} event${suffix} was seen`);
  const expected = describeMatcher(claim.count);
  return failed(`${count} ${claim.event} events${suffix} were seen, expected ${expected}`);
}

function onlyCounted(count: number, kind: string): string {
  return `${count} ${kind} events came too fast to be kept, and it may be among them`;
}

/** A field of an event, or one inside it; of a list of things that field of each. */
function valueAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) && !/^\d+$/.test(name))
    return value.map((item: unknown) => valueAt(item, [name, ...rest]));
  return Object.hasOwn(value, name)
    ? valueAt((value as Record<string, unknown>)[name], rest)
    : undefined;
}

/** A list is compared as its items with spaces between them, as a command line is read. */
function textOfList(value: unknown): unknown {
  return Array.isArray(value) ? value.join(" ") : value;
}
