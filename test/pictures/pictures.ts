import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { loadLesson } from "../../src/commands/load-lesson.ts";
import type { LessonProgress, Progress } from "../../src/lesson/progress.ts";
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
mkdirSync(join(state, "tsinternals"));
writeFileSync(join(state, "tsinternals/progress.json"), JSON.stringify(await halfway()));
try {
  for (const scene of SCENES)
    if (wanted.length === 0 || wanted.includes(scene.name)) await take(scene);
} finally {
  rmSync(state, { recursive: true });
}

/** Somebody who has taken one lesson, and a part of the next. */
async function halfway(): Promise<Progress> {
  const at = "2026-11-20T10:00:00.000Z";
  const passed = async (lesson: string, most = Infinity): Promise<LessonProgress> => {
    const { steps } = await loadLesson(lesson);
    const ids = steps.slice(0, most).map(({ id }) => id);
    const each = ids.map((id) => [id, { at, mode: "live", by: "run" }] as const);
    return { last: ids.at(-1) ?? "", at, taken: 2, passed: Object.fromEntries(each) };
  };
  const cgroups = { ...(await passed("cgroups")), at: "2026-11-19T10:00:00.000Z" };
  return { format: 1, lessons: { cgroups, namespaces: await passed("namespaces", 6) } };
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
