import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openTerminal } from "../e2e/terminal.ts";
import { root } from "../live/program.ts";
import { COLUMNS, SCENES, type Scene, START_ROWS } from "./scenes.ts";
import { svgOf } from "./svg.ts";

/** Presses of Enter closer together than 150 ms are one press; a screen is drawn within that too. */
const SETTLED = 400;

/**
 * `npm run pictures [NAME…]`: the README's pictures. The real program plays what was recorded in a
 * real terminal; what a person then sees is drawn.
 */
const folder = join(root, "fixtures/pictures");
const wanted = process.argv.slice(2);
const state = mkdtempSync(join(tmpdir(), "tsi-pictures-"));
mkdirSync(folder, { recursive: true });
try {
  for (const scene of SCENES)
    if (wanted.length === 0 || wanted.includes(scene.name)) await take(scene);
} finally {
  rmSync(state, { recursive: true });
}

async function take({ name, title, args, rows, keys }: Scene): Promise<void> {
  const env = { XDG_STATE_HOME: state };
  const terminal = openTerminal(args, { columns: COLUMNS, rows: START_ROWS, env });
  try {
    for (const [typed, shows] of keys) {
      terminal.write(typed);
      await terminal.until(shows, 60_000);
      await pause(SETTLED);
    }
    terminal.resize(COLUMNS, rows);
    await pause(SETTLED);
    const svg = svgOf(terminal.frame(), title);
    writeFileSync(join(folder, `${name}.svg`), svg);
    process.stdout.write(`fixtures/pictures/${name}.svg ${(svg.length / 1024).toFixed(0)} KiB\n`);
  } finally {
    terminal.close();
  }
}
