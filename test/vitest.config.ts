import { chmodSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Sessions of tests are kept here and not among the user's own (src/host/state-folder.ts). */
const state = join(tmpdir(), "tsi-tests-state");
mkdirSync(state, { recursive: true });
chmodSync(state, 0o1777);

/**
 * Three projects: fast tests need no privileges and run side by side; live ones use the real
 * kernel and e2e ones a real terminal, one file after the other, so that they do not disturb each
 * other's labs and timings.
 */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    env: { XDG_STATE_HOME: state },
    // On a machine that is slow as a whole, deadlines are too: test/slow-clock.ts.
    execArgv: process.env.TSI_SLOW ? ["--import", `${import.meta.dirname}/slow-clock.ts`] : [],
    reporters: [new URL("./closing-line-reporter.ts", import.meta.url).pathname],
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/live/**", "test/e2e/**", "test/pack/**"],
        },
      },
      {
        extends: true,
        test: {
          name: "live",
          include: ["test/{live,e2e,pack}/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
