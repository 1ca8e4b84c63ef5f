import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { whyNot } from "../chaos/ground.ts";
import type { Mode } from "../chaos/plan.ts";

const program = fileURLToPath(new URL("../chaos/chaos.ts", import.meta.url));
/** A process of its own has to be told of a slow machine, too (test/slow-clock.ts). */
const clock = process.env.TSI_SLOW
  ? ["--import", fileURLToPath(new URL("../slow-clock.ts", import.meta.url))]
  : [];

/** Each kind of kill twice; for thousands: npm run test:chaos. */
const KILLS = 30;
const SECONDS = 25;

const modes: Mode[] = ["root", "rootless"];
for (const mode of modes) {
  const unable = whyNot(mode);
  if (unable !== null) console.log(`SKIP chaos ${mode}: ${unable}`);
  describe.skipIf(unable !== null)(`a ${mode} lab that is killed`, { timeout: 120_000 }, () => {
    test("leaves nothing, whoever is killed and when", () => {
      const args = ["--mode", mode, "--kills", String(KILLS), "--seconds", String(SECONDS)];
      const ran = spawnSync(process.execPath, [...clock, "--conditions=source", program, ...args], {
        encoding: "utf8",
      });
      expect.soft(ran.status, `${ran.stdout}${ran.stderr}`).toBe(0);
      // A load that does not come up would make it easy.
      expect(ran.stdout).toMatch(/load that was up.*daemons.*\n/);
      // Each kind of load comes up sooner or later; a slow machine has not the time for so many labs.
      if (!process.env.TSI_SLOW) expect(ran.stdout).toMatch(/nested_pids/);
    });
  });
}
