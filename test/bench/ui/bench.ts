/**
 * `npm run bench:ui`: the screen in a real pseudoterminal. One line a figure on stdout, `figure value
 * goal ok|short`, what is behind it on stderr; exits with 1 when one is short or something failed.
 * About two and a half minutes. `npm run bench:ui -- start` measures that part only (start, flood,
 * idle).
 *
 * As measured when this was written, on 2 cores that others were using: first paint 1.3 times bare
 * Node, first frame 5.0; in the flood 12 to 16 % of a core, 168 MB and flat, nothing uncounted; at
 * rest 0. A key is answered after 2 ms in the median. The p95 is what a full machine makes longer: 8
 * ms at a load of 4, 27 to 79 at one of 7 and more, where a program that only answers had 5. The
 * profile shows no piece of work of that length (a frame takes 2 to 3 ms, 500 events of the source 1
 * ms, garbage 5 % in all), and collecting garbage on one thread changes nothing: whoever uses a
 * sixth of a core waits for its turn.
 */
import { type Figure, figureLine, isShort, isSkip, type Outcome } from "../figure.ts";
import { firstFrames } from "../start.ts";
import { floodFigures } from "./flood.ts";
import { idleFigure } from "./idle.ts";

const PARTS: Readonly<Record<string, () => AsyncGenerator<Outcome>>> = {
  start: firstFrames,
  flood: () => floodFigures(60),
  async *idle() {
    yield await idleFigure(30);
  },
};

const figures: Figure[] = [];
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    for await (const outcome of measure()) {
      if (isSkip(outcome)) continue;
      figures.push(outcome);
      console.error(`${outcome.name}: ${outcome.detail}`);
    }
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}:`, error);
  }
}
for (const figure of figures) console.log(figureLine(figure));
if (figures.length === 0) console.error("no figure was measured, which is an error");
if (figures.length === 0 || figures.some(isShort)) process.exitCode = 1;
