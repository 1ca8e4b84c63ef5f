import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const entry = resolve(import.meta.dirname, "../../src/tsinternals.mjs");
const folder = mkdtempSync(join(tmpdir(), "tsi-entry-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the entry as that version of Node would, in front of a program that says that it runs. */
function runAs(version: string, place: string) {
  const file = join(folder, place, "tsinternals.mjs");
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(entry, file);
  writeFileSync(join(dirname(file), "first.js"), "");
  writeFileSync(join(dirname(file), "cli.js"), 'console.log("it runs");');
  writeFileSync(join(dirname(file), "package.json"), '{"type":"module"}');
  const value = JSON.stringify({ ...process.versions, node: version });
  const lie = `data:text/javascript,Object.defineProperty(process,"versions",{value:${value}})`;
  return spawnSync(process.execPath, ["--import", lie, file], { encoding: "utf8" });
}

test.each(["22.12.0", "24.21.0", "30.0.1"])("Node %s will do", (version) => {
  expect(runAs(version, "new")).toMatchObject({ status: 0, stdout: "it runs\n", stderr: "" });
});

test.each(["12.22.12", "20.19.4", "22.11.0"])("Node %s is told what to do", (version) => {
  const what = `tsinternals: this is Node ${version}, and 22.12 is the oldest that works.\n  try: `;
  expect(runAs(version, "checkout/dist")).toMatchObject({
    status: 3,
    stdout: "",
    stderr: `${what}npm start -- …\n`,
  });
  const { platform, arch } = process;
  expect(runAs(version, "lib/node_modules/tsinternals/dist")).toMatchObject({
    status: 3,
    stderr: `${what}npx -y -p node-${platform}-${arch}@24 tsinternals …\n`,
  });
});
