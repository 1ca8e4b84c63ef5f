import type { Event } from "./event.ts";
import { apply, emptyFolding } from "./fold.ts";
import type { Folding } from "./folding.ts";
import { foldFrom, type KeptFolding, keepFolding, noGrowing } from "./folding-copy.ts";
import { createMapHistory } from "./map-history.ts";
import type { Timeline } from "./timeline.ts";
import type { Cgroup, Process, World } from "./world.ts";

/** The fold as it was when `at` events were in the past. */
interface Kept {
  readonly at: number;
  readonly fold: KeptFolding;
}

/** So many events apart are the first ones kept; each time there are too many, twice as many. */
const FIRST_APART = 2048;
/** Even, so that of one more every second one are the first and the last. */
const MOST_KEPT = 128;
/** Who went back goes on going back: so far before the place gone to one more is kept. */
const NEAR = 256;

/**
 * The world at any cursor of a timeline (`cursor` events are in the past). Going forward costs one
 * step per event. An earlier moment is folded from the last one kept before it, so that no key has
 * to wait for a million events; the fold that went farthest waits meanwhile. The World that is
 * returned is valid until the next call.
 */
export function createWorldView(timeline: Timeline): (cursor: number) => World {
  let folding = emptyFolding();
  let folded = 0;
  let farthest: { readonly at: number; readonly folding: Folding } | null = null;
  const kept = createKept();
  let near: Kept | null = null;

  const foldTo = (target: number): void => {
    for (; folded < target; folded++) {
      if (farthest === null) kept.offer(folded, folding);
      apply(folding, timeline.events[folded] as Event, folded);
    }
  };
  const goTo = (target: number): void => {
    if (farthest !== null && target >= farthest.at) {
      ({ at: folded, folding } = farthest);
      farthest = null;
      return;
    }
    const index = kept.lastBefore(target);
    const start = Math.max(kept.at(index), near !== null && near.at <= target ? near.at : 0);
    // Who is on the way there goes on, unless that is a long way.
    if (target >= folded && start - folded < FIRST_APART) return;
    farthest ??= { at: folded, folding };
    folding = start === near?.at ? foldFrom(near.fold) : kept.foldFrom(index);
    folded = start;
    if (target - folded <= 2 * NEAR) return;
    foldTo(target - NEAR);
    near = { at: folded, fold: keepFolding(folding) };
  };

  return (cursor) => {
    const target = Math.max(0, Math.min(cursor, timeline.events.length));
    if (target < folded || farthest !== null) goTo(target);
    foldTo(target);
    return folding.world;
  };
}

/** Moments at even distances, from the beginning to where the fold has come. */
function createKept() {
  let all: Kept[] = [];
  let apart = FIRST_APART;
  const processes = createMapHistory<number, Process>();
  const cgroups = createMapHistory<string, Cgroup>();
  return {
    offer(at: number, folding: Folding): void {
      if (at < (all.at(-1)?.at ?? 0) + apart) return;
      processes.keep(folding.world.processes);
      cgroups.keep(folding.world.cgroups);
      all.push({ at, fold: keepFolding(folding, noGrowing()) });
      if (all.length <= MOST_KEPT) return;
      all = all.filter((_, index) => index % 2 === 0);
      processes.thin();
      cgroups.thin();
      apart *= 2;
    },
    /** -1: the beginning. */
    lastBefore: (target: number): number => all.findLastIndex(({ at }) => at <= target),
    at: (index: number): number => all[index]?.at ?? 0,
    foldFrom(index: number): Folding {
      const one = all[index];
      if (one === undefined) return emptyFolding();
      return foldFrom(one.fold, { processes: processes.at(index), cgroups: cgroups.at(index) });
    },
  };
}
