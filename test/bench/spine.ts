/**
 * `npm run bench`: the spine, each part of it against a named baseline in the same run. One line a
 * figure on stdout, `figure value goal ok|short`; figures that cannot be measured here come before
 * them as `SKIP figure: reason`; what is behind a figure goes to stderr as it is measured. Exits
 * with 1 when a figure is short, when something failed, and when there is no figure at all. With
 * TSI_REQUIRE_LIVE=1, as on CI's machine, a skip is a failure too. `npm run bench -- lab stream`
 * measures these parts only.
 */

import { HelperRefusal } from "../../src/sources/helper.ts";
import { UserError } from "../../src/user-error.ts";
import { type Figure, figureLine, isShort, isSkip, type Outcome, type Skip } from "./figure.ts";
import { labFigures } from "./lab.ts";
import { findLab, type LabHere } from "./lab-here.ts";
import { packageFigures } from "./package.ts";
import { pollingFigures } from "./polling.ts";
import { recordingFigures } from "./recording.ts";
import { startFigures } from "./start.ts";
import { streamFigures } from "./stream.ts";
import { watchingFigures } from "./watching.ts";

type Part = { readonly name: string } & (
  | { readonly measure: () => AsyncGenerator<Outcome> }
  | {
      readonly measureLab: (here: LabHere) => AsyncGenerator<Outcome>;
      /** For saying which are skipped where there can be no lab. */
      readonly figures: readonly string[];
    }
);

/** What looks at this very process's CPU time comes first: later its heap has seen a lot. */
const PARTS: readonly Part[] = [
  {
    name: "polling",
    measureLab: pollingFigures,
    figures: ["polling-cpu-percent", "poll-over-read"],
  },
  {
    name: "lab",
    measureLab: labFigures,
    figures: ["lab-ready-over-unshare", "lab-gone-over-unshare", "run-true-over-spawn"],
  },
  { name: "watching", measureLab: watchingFigures, figures: ["lab-over-host", "strace-over-lab"] },
  { name: "start", measure: startFigures },
  { name: "package", measure: packageFigures },
  { name: "recording", measure: recordingFigures },
  { name: "stream", measure: streamFigures },
];

const figures: Figure[] = [];
const skips: Skip[] = [];
let failed = false;

const wanted = process.argv.slice(2);
const here = await findLab();
for (const part of PARTS) {
  if (wanted.length > 0 && !wanted.includes(part.name)) continue;
  try {
    if ("measure" in part) await take(part.measure());
    else if ("reason" in here) skip(part.figures, here.reason);
    else await takeLab(part.measureLab(here), part.figures);
  } catch (error) {
    failed = true;
    console.error(`${part.name}:`, error);
  }
}

for (const { name, reason } of skips) console.log(`SKIP ${name}: ${reason}`);
for (const figure of figures) console.log(figureLine(figure));
if (figures.length === 0) console.error("no figure was measured, which is an error");
const required = process.env.TSI_REQUIRE_LIVE === "1" && skips.length > 0;
if (failed || required || figures.length === 0 || figures.some(isShort)) process.exitCode = 1;

async function take(outcomes: AsyncGenerator<Outcome>): Promise<void> {
  for await (const outcome of outcomes) {
    if (isSkip(outcome)) skips.push(outcome);
    else {
      figures.push(outcome);
      console.error(`${outcome.name}: ${outcome.detail}`);
    }
  }
}

/** A host that looks able to have a lab may still refuse it: a container's root, for one. */
async function takeLab(outcomes: AsyncGenerator<Outcome>, names: readonly string[]): Promise<void> {
  try {
    await take(outcomes);
  } catch (error) {
    if (!(error instanceof HelperRefusal || error instanceof UserError)) throw error;
    const known = new Set([...figures, ...skips].map(({ name }) => name));
    skip(
      names.filter((name) => !known.has(name)),
      error.message,
    );
  }
}

function skip(names: readonly string[], reason: string): void {
  for (const name of names) skips.push({ name, reason });
}
