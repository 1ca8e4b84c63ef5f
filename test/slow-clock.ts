import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import promises from "node:timers/promises";

/**
 * The tests' clock, for machines that are slow as a whole (an emulated one: test/vm): with
 * TSI_SLOW=4 a second of the tests takes four. Every deadline, sleep and measured time of every test
 * is scaled alike, the ones still to be written too. The program under test keeps the real clock,
 * where it is a process of its own. Preloaded (`--import`) into whatever runs tests.
 */
const factor = Number(process.env.TSI_SLOW ?? 1);
if (!(factor >= 1)) throw new Error(`TSI_SLOW=${process.env.TSI_SLOW} is not a number from 1`);

const { now } = Date;
const begun = now();
Date.now = () => Math.floor(begun + (now() - begun) / factor);

const elapsed = performance.now.bind(performance);
performance.now = () => elapsed() / factor;

type Call = (callback: () => void, milliseconds?: number, ...rest: unknown[]) => unknown;
/** The same function, and what hangs on it (util.promisify's way to the promise). */
function slowed<F>(set: F): F {
  const call = set as Call;
  const slow: Call = (callback, milliseconds = 0, ...rest) =>
    call(callback, milliseconds * factor, ...rest);
  return Object.assign(slow, set) as F;
}

globalThis.setTimeout = timers.setTimeout = slowed(timers.setTimeout);
globalThis.setInterval = timers.setInterval = slowed(timers.setInterval);
const { setTimeout: sleep } = promises;
promises.setTimeout = (milliseconds = 0, ...rest) => sleep(milliseconds * factor, ...rest);
syncBuiltinESMExports();
