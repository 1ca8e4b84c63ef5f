import { withoutIds } from "../events/event-line-daemon.ts";

/** A path of docker's API without the version and the ids; the evidence has the whole. */
export function shortPath(path: string): string {
  return withoutIds(path.replace(/^\/v\d[\d.]*(?=\/)/, ""));
}
