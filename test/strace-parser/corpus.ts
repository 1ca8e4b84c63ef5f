/**
 * node --conditions=source test/strace-parser/corpus.ts [DIR]
 *
 * Parses and prints every trace of a corpus and says how much of it comes back. DIR is a folder of
 * traces; without it, the project's two archives (../shared/strace/*.tar.zst beside the checkout)
 * are unpacked to a temporary folder. Exits 1 when a figure is short of its goal.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { readCorpus } from "./corpus-files.ts";

const archives = resolve(import.meta.dirname, "../../../shared/strace");

function main(): number {
  const given = process.argv[2];
  if (given !== undefined) return report(given);
  const found = globSync("*.tar.zst", { cwd: archives });
  if (found.length === 0)
    return skip(`there are no archives in ${archives}; name a folder of traces`);
  const folder = mkdtempSync(join(tmpdir(), "strace-corpus-"));
  try {
    for (const archive of found) {
      const { status, error } = spawnSync("tar", [
        "--zstd",
        "-xf",
        join(archives, archive),
        "-C",
        folder,
      ]);
      if (status !== 0)
        return skip(`${archive} cannot be unpacked (tar and zstd): ${error?.message}`);
    }
    return report(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function skip(reason: string): number {
  console.log(`SKIP corpus: ${reason}`);
  return 0;
}

function report(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".cmd"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) return skip(`there is no file in ${folder}`);
  const started = performance.now();
  const read = readCorpus(files);
  const seconds = (performance.now() - started) / 1000;

  for (const { file, roundTrip } of read.differing.slice(0, 20)) {
    const { offset, line } = roundTrip.first ?? {};
    console.log(`differs: ${relative(folder, file)} line ${line}, byte ${offset}`);
  }
  for (const { file, line, text } of read.straces.slice(0, 20)) {
    console.log(`foreign: ${relative(folder, file)}:${line}: ${text.slice(0, 160)}`);
  }
  for (const { file, roundTrip } of read.opaque.slice(0, 20)) {
    console.log(`opaque: ${relative(folder, file)}: ${roundTrip.opaque}`);
  }
  const types = [...read.events].sort((a, b) => b[1] - a[1]).map((pair) => pair.join(" "));
  console.log(
    `${basename(folder)}: ${files.length} files, ${read.lines} lines, ${read.bytes} bytes, ` +
      `${seconds.toFixed(1)} s\nevents: ${types.join(", ")}\n` +
      `foreign lines of the tracees: ${read.foreign - read.straces.length}`,
  );
  const whole = files.length - read.differing.length;
  return judge([
    ["round-trip-files", whole, `=${files.length}`, whole === files.length],
    ["differing-bytes", read.differingBytes, "=0", read.differingBytes === 0],
    ["opaque-scalars", read.opaqueScalars, "=0", read.opaqueScalars === 0],
    ["foreign-lines-of-strace", read.straces.length, "≤2", read.straces.length <= 2],
  ]);
}

function judge(figures: readonly (readonly [string, number, string, boolean])[]): number {
  for (const [figure, value, goal, ok] of figures) {
    console.log(`${figure} ${value} ${goal} ${ok ? "ok" : "short"}`);
  }
  return figures.every(([, , , ok]) => ok) ? 0 : 1;
}

process.exitCode = main();
