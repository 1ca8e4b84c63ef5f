import type { Line, Look, StyleName } from "./text.ts";

/** Turns a line into what the terminal understands. */
export type Paint = (line: Line) => string;

/**
 * SGR parameters (console_codes(4)) per style. Only attributes and the 16 ANSI colours, because
 * the terminal's owner has chosen those to be readable on their background. White, black and
 * yellow are left out: each vanishes on somebody's. No style is the only carrier of a meaning:
 * outcomes have marks (✓ ✗ · !), focus has `▸`, modes have their word.
 */
const ATTRIBUTES: Readonly<Record<StyleName, readonly number[]>> = {
  heading: [1],
  strong: [1],
  emphasis: [3],
  code: [],
  link: [4],
  dim: [2],
  good: [],
  bad: [1],
  caution: [1],
  kernel: [],
  command: [1],
  string: [],
  keyword: [],
  name: [],
  key: [1],
  live: [1],
  replay: [1, 7],
  selected: [1],
  cursor: [7],
};

const COLOURS: Readonly<Partial<Record<StyleName, number>>> = {
  heading: 36,
  code: 36,
  good: 32,
  bad: 31,
  caution: 35,
  kernel: 35,
  string: 32,
  keyword: 35,
  name: 36,
  key: 36,
  live: 32,
  replay: 35,
  selected: 36,
};

export function createPaint(options: { readonly colour: boolean }): Paint {
  const opening = new Map<StyleName, string>();
  for (const style of Object.keys(ATTRIBUTES) as StyleName[]) {
    const colour = options.colour ? COLOURS[style] : undefined;
    const parameters = [...ATTRIBUTES[style], ...(colour === undefined ? [] : [colour])];
    if (parameters.length > 0) opening.set(style, `\x1b[${parameters.join(";")}m`);
  }
  return (line) =>
    line
      .map(({ text, style, look }) => {
        const open = style === undefined ? lookOpening(look, options) : opening.get(style);
        return open === undefined ? text : `${open}${text}\x1b[0m`;
      })
      .join("");
}

/** Programs in the lab choose any colour, and none is shown to who wants none. */
function lookOpening(
  look: Look | undefined,
  { colour }: { readonly colour: boolean },
): string | undefined {
  const parameters = [look?.attributes ?? "", colour ? (look?.colours ?? "") : ""];
  const given = parameters.filter((each) => each !== "");
  return given.length === 0 ? undefined : `\x1b[${given.join(";")}m`;
}

/** For tests and transcripts: the words alone. */
export const paintPlain: Paint = (line) => line.map(({ text }) => text).join("");

/** https://no-color.org: set and not empty means no colour. */
export function wantsColour(environment: Readonly<Record<string, string | undefined>>): boolean {
  return (environment.NO_COLOR ?? "") === "" && environment.TERM !== "dumb";
}
