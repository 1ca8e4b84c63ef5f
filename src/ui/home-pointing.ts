import type { HomeState } from "../workbench/home.ts";
import type { HomeRequest } from "./home-keys.ts";
import { homeEntryAt, homeWindow } from "./home-lines.ts";
import type { Pointed } from "./mouse.ts";

/**
 * What the mouse asks for on the home screen: the wheel chooses as the arrows do, a click chooses
 * what it is on, and opens it where a click has chosen it. Null: nothing.
 */
export function homePointedAt(state: HomeState, { did, row }: Pointed): HomeRequest | null {
  if (did === "wheel-up" || did === "wheel-down")
    return { kind: "message", message: { kind: "moved", by: did === "wheel-up" ? -1 : 1 } };
  const entry = did === "press" ? homeEntryAt(state, row) : null;
  if (entry === null) return null;
  if (state.clicked !== null && state.picked === entry) return { kind: "choose", anew: false };
  return { kind: "message", message: { kind: "clicked", entry, top: homeWindow(state).top } };
}
