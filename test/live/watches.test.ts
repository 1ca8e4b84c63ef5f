import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWatches } from "../../src/drivers/watches.ts";
import type { SelectedStep } from "../../src/lesson/select.ts";
import { createClock } from "../../src/sources/clock.ts";
import { type Lab, openLab } from "../../src/sources/lab.ts";
import type { Event } from "../../src/timeline/event.ts";
import { start } from "./native-helper.ts";
import { whyNotLive } from "./program.ts";

const clock = createClock();
const [program = "", ...args] = start;
let lab: Lab;
const events: Event[] = [];

async function until(found: () => boolean): Promise<void> {
  for (let waited = 0; !found(); waited += 20) {
    if (waited > 8000) throw new Error(`not seen among ${events.length} events`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

const of = <K extends Event["kind"]>(kind: K) =>
  events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind);

const stepWith = (...scripts: string[]) =>
  ({
    id: "one",
    watches: scripts.map((script) => ({ kind: "watch", variant: null, line: 1, script })),
  }) as unknown as SelectedStep;

describe.skipIf(whyNotLive() !== null)("watches in a lab", () => {
  let runs = 0;

  beforeAll(async () => {
    lab = await openLab({ command: [program, ...args], clock, name: "watches", mode: "root" });
    (async () => {
      for await (const batch of lab.events()) events.push(...batch);
    })();
  });
  afterAll(() => lab?.close());

  test("become events, once for a text, and again when they have ended", async () => {
    const watches = createWatches(lab, clock, () => ++runs);
    const line = 'time="$(date -u +%FT%T.%NZ)" level=info msg="from the lab"';
    const printf = `printf '%s\\n' "${line.replaceAll('"', '\\"')}"; echo oops >&2; exec sleep 1`;
    await watches.start(stepWith(printf, "exit 3"));
    await until(() => of("dockerd.log").length === 1 && of("watch.line").length === 1);
    await watches.start(stepWith(printf, "exit 3"));
    await until(() => of("watch.exit").length === 3);
    expect(of("watch.start").map(({ script }) => script)).toEqual([printf, "exit 3", "exit 3"]);
    const [log] = of("dockerd.log");
    expect(log).toMatchObject({ level: "info", message: "from the lab", run: 1 });
    // Its place is when it was written: after its watch was started, before it was read.
    expect(log?.t).toBeGreaterThan(of("watch.start")[0]?.t ?? Number.POSITIVE_INFINITY);
    expect(of("watch.line")).toMatchObject([{ stream: "err", text: "oops", run: 1 }]);
    expect(of("watch.exit").map(({ code }) => code)).toEqual([3, 3, 0]);
    expect(of("output")).toEqual([]);
    expect(of("run.exit")).toEqual([]);
    await watches.start(stepWith(printf));
    await until(() => of("dockerd.log").length === 2);
  });
});
