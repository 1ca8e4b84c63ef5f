import type { Stamped } from "./event-parts.ts";

/**
 * So many events happened here that were only counted (thinning.ts), by their kind; output of a
 * terminal is `output.pty`.
 */
export interface Flood extends Stamped {
  readonly kind: "flood";
  readonly counts: Readonly<Record<string, number>>;
}

/** How many events of a kind, or of every kind, were only counted among these. */
export function countedIn(events: readonly { readonly kind: string }[], kind?: string): number {
  let sum = 0;
  for (const event of events)
    if (event.kind === "flood")
      for (const [each, count] of Object.entries((event as Flood).counts))
        if (kind === undefined || each === kind || each.startsWith(`${kind}.`)) sum += count;
  return sum;
}
