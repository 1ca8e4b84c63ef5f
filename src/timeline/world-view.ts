import type { Event } from "./event.ts";
import { apply, emptyFolding } from "./fold.ts";
import { foldFrom, type KeptFolding, keepFolding } from "./folding-copy.ts";
import type { Timeline } from "./timeline.ts";
import type { World } from "./world.ts";

/** The fold as it was when `at` events were in the past. */
interface Kept {
  readonly at: number;
  readonly fold: KeptFolding;
}

/** So many events apart are the first ones kept; each time there are too many, twice as many. */
const FIRST_APART = 2048;
const MOST_KEPT = 64;
/** Who went back goes on going back: so far before the place gone to one more is kept. */
const NEAR = 256;

/**
 * The world at any cursor of a timeline (`cursor` events are in the past). Going forward costs one
 * step per event. Going back folds on from the last of a few kept moments, so that no key has to
 * wait for a million events. The World that is returned is valid until the next call.
 */
export function createWorldView(timeline: Timeline): (cursor: number) => World {
  let folding = emptyFolding();
  let folded = 0;
  let kept: Kept[] = [];
  let apart = FIRST_APART;
  let near: Kept | null = null;

  const foldTo = (target: number): void => {
    for (; folded < target; folded++) {
      if (folded >= (kept.at(-1)?.at ?? 0) + apart) keep();
      apply(folding, timeline.events[folded] as Event, folded);
    }
  };
  const keep = (): void => {
    kept.push({ at: folded, fold: keepFolding(folding) });
    if (kept.length <= MOST_KEPT) return;
    // Every second one goes; those that stay are twice as far apart.
    kept = kept.filter((_, index) => index % 2 === 1);
    apart *= 2;
  };
  const goBack = (target: number): void => {
    const last = lastBefore(near === null ? kept : [...kept, near], target);
    folding = last === null ? emptyFolding() : foldFrom(last.fold);
    folded = last?.at ?? 0;
    if (target - folded <= 2 * NEAR) return;
    foldTo(target - NEAR);
    near = { at: folded, fold: keepFolding(folding) };
  };

  return (cursor) => {
    const target = Math.max(0, Math.min(cursor, timeline.events.length));
    if (target < folded) goBack(target);
    foldTo(target);
    return folding.world;
  };
}

function lastBefore(all: readonly Kept[], target: number): Kept | null {
  const before = all.filter(({ at }) => at <= target);
  return before.reduce<Kept | null>(
    (last, each) => (last === null || each.at > last.at ? each : last),
    null,
  );
}
