import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Sleeps 20 ms in each way there is, and says how long that took by each clock, in ms. */
const PROBE = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { setTimeout as later } from "node:timers";
  const real = () => Number(process.hrtime.bigint()) / 1e6;
  // All at one moment: of many readings the one that nobody interrupted.
  const times = () => Array.from({ length: 20 }, () => {
    const begun = real();
    const read = [Date.now(), performance.now(), begun];
    return { read, within: real() - begun };
  }).reduce((one, other) => (other.within < one.within ? other : one)).read;
  const ways = [
    () => sleep(20),
    () => new Promise((resolve) => setTimeout(resolve, 20)),
    () => new Promise((resolve) => later(resolve, 20)),
    () => new Promise((resolve) => { const all = setInterval(() => { clearInterval(all); resolve(); }, 20); }),
  ];
  const took = [];
  for (const way of ways) {
    const before = times();
    await way();
    took.push(times().map((time, index) => time - before[index]));
  }
  console.log(JSON.stringify(took));
`;

function took(slow: string): number[][] {
  const clock = join(import.meta.dirname, "slow-clock.ts");
  const args = ["--import", clock, "--input-type=module", "-e", PROBE];
  const options = { encoding: "utf8", env: { ...process.env, TSI_SLOW: slow } } as const;
  return JSON.parse(execFileSync(process.execPath, args, options)) as number[][];
}

test("a second of the tests takes as long as it is told to", () => {
  for (const [date, performed, real] of took("10") as [number, number, number][]) {
    expect(real).toBeGreaterThanOrEqual(198);
    expect(Math.abs(performed - real / 10)).toBeLessThan(2);
    expect(Math.abs(date - real / 10)).toBeLessThan(3);
  }
  for (const [date, , real] of took("1") as [number, number, number][])
    expect(Math.abs(date - real)).toBeLessThan(3);
});
