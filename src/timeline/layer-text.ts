import type { LayerContents } from "./event-layer.ts";

/** `layer /root/c1/upper: 7 names, whiteout etc/password, opaque srv`: what one asks about first. */
export function layerText(event: LayerContents): string {
  const { path, exists, entries, whiteouts, opaque, cut } = event;
  if (!exists) return `layer ${path} is gone`;
  const names = `${entries.length}${cut ? " and more" : ""} name${entries.length === 1 ? "" : "s"}`;
  const notes = [named("whiteout", whiteouts), named("opaque", opaque)].filter(Boolean);
  return `layer ${path}: ${[names, ...notes].join(", ")}`;
}

function named(what: string, paths: readonly string[]): string {
  if (paths.length === 0) return "";
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : "";
  return `${what} ${paths.slice(0, 3).join(", ")}${more}`;
}
