import { type Line, type Span, span, widthOf } from "../../text.ts";
import type { Arrow, Flow } from "./flow-arrows.ts";
import { type Actor, ROLES, type Role } from "./flow-roles.ts";

/** Where the lanes are, for one width. */
export interface Lanes {
  readonly roles: readonly Role[];
  readonly heads: readonly string[];
  /** Each lane's column, and behind the last one where words may begin. */
  readonly columns: readonly number[];
  /** When somebody of the role was alive, in order; null: nobody is known, and nothing is said. */
  readonly lives: readonly (readonly Life[] | null)[];
}

interface Life {
  readonly from: number;
  readonly until: number;
}

/** `├───▶│`: an arrow that can be read. */
const LANE_AT_LEAST = 6;
const LANE_AT_MOST = 13;
/** The part of the width that the words beside the arrows are given. */
const WORDS = 0.42;

/** A lane for each role that somebody has played, or that an arrow leads to. */
export function layLanes({ arrows, actors }: Flow, width: number): Lanes {
  const seen = new Set<Role>(actors.map(({ role }) => role));
  for (const { from, to } of arrows) seen.add(from).add(to);
  const roles = ROLES.filter((role) => seen.has(role));
  const room = Math.floor((width * (1 - WORDS)) / Math.max(1, roles.length));
  const wide = Math.max(LANE_AT_LEAST, Math.min(LANE_AT_MOST, room));
  const heads = roles.map((role) => headOf(role, actors, wide));
  const columns = [0];
  for (const head of heads) columns.push((columns.at(-1) ?? 0) + Math.max(wide, widthOf(head) + 1));
  return { roles, heads, columns, lives: roles.map((role) => livesOf(role, actors)) };
}

/** The program's name if all of this role have one, else the role's; short where room is. */
function headOf(role: Role, actors: readonly Actor[], wide: number): string {
  const own = actors.filter((actor) => actor.role === role).map(({ program }) => program);
  const [name] = new Set(own.map((program) => program.replace(/^containerd-shim.*/, "shim")));
  const only = role !== "container" && name !== undefined && new Set(own).size === 1;
  const head = only || role === "shim" ? (name ?? role) : role;
  return wide > head.length ? head : (SHORT[head] ?? head.slice(0, LANE_AT_LEAST + 1));
}

const SHORT: Readonly<Record<string, string>> = { containerd: "ctrd", container: "app" };

export function headLine({ heads, columns }: Lanes): Line {
  const widths = heads.map((_, index) => (columns[index + 1] ?? 0) - (columns[index] ?? 0));
  return heads.map((head, index) => span(head.padEnd(widths[index] ?? 0), "strong"));
}

/** The lifelines at a moment, with an arrow on them. `│` is alive, `·` is not. */
export function laneSpans({ roles, columns, lives }: Lanes, arrow: Arrow): Span[] {
  const cells = Array.from({ length: columns.at(-1) ?? 0 }, () => " ");
  roles.forEach((_, index) => {
    cells[columns[index] ?? 0] = isAlive(lives[index] ?? null, arrow.t) ? "│" : "·";
  });
  const from = columns[roles.indexOf(arrow.from)] ?? 0;
  const to = columns[roles.indexOf(arrow.to)] ?? 0;
  const first = Math.min(from, to);
  const last = Math.max(from, to);
  if (from === to) cells[from] = arrow.ends === true ? "○" : "●";
  else {
    cells.fill("─", first + 1, last);
    cells[from] = from < to ? "├" : "┤";
    cells[to] = "│";
    cells[from < to ? last - 1 : first + 1] = from < to ? "▶" : "◀";
  }
  const style = arrow.style === "dim" ? "dim" : "key";
  const part = (begin: number, end?: number): string => cells.slice(begin, end).join("");
  return [
    span(part(0, first), "dim"),
    span(part(first, last + 1), style),
    span(part(last + 1), "dim"),
  ];
}

function isAlive(lives: readonly Life[] | null, t: number): boolean {
  return lives === null || lives.some(({ from, until }) => from <= t && t <= until);
}

/** Lives that overlap are one: a lane is alive while anybody in it is. */
function livesOf(role: Role, actors: readonly Actor[]): Life[] | null {
  const lives: { from: number; until: number }[] = [];
  const own = actors.filter((actor) => actor.role === role);
  // Who was there before the session, or is on another machine, has no beginning here.
  if (own.length === 0) return null;
  for (const { from, until } of own) {
    const last = lives.at(-1);
    if (last !== undefined && from <= last.until) last.until = Math.max(last.until, until);
    else lives.push({ from, until });
  }
  return lives;
}
