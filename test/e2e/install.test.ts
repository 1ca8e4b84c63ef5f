import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whyNotLive } from "../live/program.ts";
import { learner } from "./learner.ts";

/** A machine without strace: nothing is in PATH but what stty(1) needs, and a manager of ours. */
let folder = "";
const log = (): string =>
  existsSync(join(folder, "log")) ? readFileSync(join(folder, "log"), "utf8") : "";
const why = whyNotLive();
beforeEach((context) => {
  if (why !== null) context.skip(why);
  folder = mkdtempSync(join(tmpdir(), "tsi-install-"));
  symlinkSync("/usr/bin/stty", join(folder, "stty"));
  const manager = join(folder, "apt-get");
  writeFileSync(manager, `#!/bin/sh\nprintf 'apt-get %s\\n' "$*" >>'${folder}/log'\nexit 100\n`);
  chmodSync(manager, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("before a live lesson, root is shown what would be installed; no is an answer", async () => {
  const it = learner(["lesson", "cgroups", "--root"], { env: { PATH: folder } });
  const asked = await it.until(/Run it\? \[y\/N\]/);
  expect(asked).toMatch(
    /strace is not installed.*\n[\s\S]*this would be run:\s+apt-get update\s+apt-get install -y strace\n/,
  );
  await it.press("n\r", /Enter begins/);
  expect(log()).toBe("");
  it.write("q");
  await it.ended();
  expect(await it.leftBehind()).toEqual([]);
});

test("what fails to be installed is said, and the lesson begins without it", async () => {
  const it = learner(["lesson", "cgroups", "--root"], { env: { PATH: folder } });
  await it.until(/Run it\? \[y\/N\]/);
  await it.press("y\r", /Enter begins/);
  expect(log()).toBe("apt-get update\n");
  expect(it.raw()).toContain("apt-get update failed (exit 100)");
  it.write("q");
  await it.ended();
});
