import { defineConfig } from "vitest/config";

/**
 * Three projects: fast tests need no privileges and run side by side; live ones use the real
 * kernel and e2e ones a real terminal, one file after the other, so that they do not disturb each
 * other's labs and timings.
 */
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
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
