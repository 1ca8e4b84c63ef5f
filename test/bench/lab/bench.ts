/**
 * `npm run bench:lab [-- PART…]`: how fast the lab comes and goes, how fast a container is built by
 * hand, what watching costs and what it misses, each against a named baseline in the same run. One
 * line a figure on stdout, `figure value goal ok|short`; what is measured beside them as INFO, what
 * cannot be as SKIP; what is behind a figure goes to stderr. Exits with 1 when a figure is short or
 * nothing was measured. Parts: root, rootless, containers, watching, processes.
 */
import { whyNot } from "../../chaos/ground.ts";
import type { Mode } from "../../chaos/plan.ts";
import { type Figure, figureLine, isShort, isSkip, type Outcome } from "../figure.ts";
import { findCommands } from "./bench-lab.ts";
import { containerFigures } from "./containers.ts";
import { lifeFigures } from "./life.ts";
import { processFigures } from "./processes.ts";
import { watchingFigures } from "./watching.ts";

const commands = findCommands();
const parts: readonly { name: string; mode: Mode; measure: () => AsyncGenerator<Outcome> }[] = [
  { name: "root", mode: "root", measure: () => lifeFigures(commands.root, "root") },
  { name: "rootless", mode: "rootless", measure: () => lifeFigures(commands.rootless, "rootless") },
  { name: "containers", mode: "root", measure: () => containerFigures(commands.root) },
  { name: "watching", mode: "root", measure: () => watchingFigures(commands.root) },
  { name: "processes", mode: "root", measure: () => processFigures(commands.root, "root") },
  {
    name: "processes",
    mode: "rootless",
    measure: () => processFigures(commands.rootless, "rootless"),
  },
];

const wanted = process.argv.slice(2);
const figures: Figure[] = [];
let failed = false;
for (const { name, mode, measure } of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const reason = whyNot(mode);
  if (reason !== null) say({ name: `${mode}-${name}`, reason });
  else
    try {
      for await (const outcome of measure()) say(outcome);
    } catch (error) {
      failed = true;
      console.error(`${mode} ${name}:`, error);
    }
}
commands.remove();
for (const figure of figures) console.log(figureLine(figure));
if (figures.length === 0) console.error("no figure was measured, which is an error");
if (failed || figures.length === 0 || figures.some(isShort)) process.exitCode = 1;

function say(outcome: Outcome): void {
  if (isSkip(outcome)) {
    console.log(`SKIP ${outcome.name}: ${outcome.reason}`);
    failed ||= process.env.TSI_REQUIRE_LIVE === "1";
    return;
  }
  figures.push(outcome);
  console.error(`${outcome.name}: ${outcome.detail}`);
}
