import { describe, expect, test } from "vitest";
import type { Exchange } from "../../src/timeline/event-exchange.ts";
import { entriesOf, press } from "./entries.ts";
import { expectFrame } from "./expect-frame.ts";
import { dockerStage } from "./sample-docker.ts";

const FLOW = { kind: "digit", digit: "1" } as const;
const EXCHANGES = { kind: "digit", digit: "2" } as const;
const ZOOM = { kind: "asked", action: "zoom", at: 0 } as const;
const enter = (at: number) => ({ kind: "asked", action: "proceed", at }) as const;
const ESCAPE = { kind: "asked", action: "close", at: 0 } as const;

const SMALL = { columns: 80, rows: 24 };
const LARGE = { columns: 200, rows: 60 };

test("frame flow-80x24", () =>
  expectFrame("flow-80x24", dockerStage("run", SMALL).send(FLOW, ZOOM)));
test("frame flow-tab-80x24", () =>
  expectFrame("flow-tab-80x24", dockerStage("run", SMALL).send(FLOW)));
test("frame flow-200x60", () => expectFrame("flow-200x60", dockerStage("run", LARGE).send(FLOW)));
test("frame flow-zoomed-200x60", () =>
  expectFrame("flow-zoomed-200x60", dockerStage("detached", LARGE).send(FLOW, ZOOM)));
test("frame flow-picked-80x24", () =>
  expectFrame(
    "flow-picked-80x24",
    press(dockerStage("run", SMALL).send(FLOW, ZOOM), "line-up", 30),
  ));
test("frame flow-opened-80x24", () => {
  const stage = dockerStage("run", SMALL).send(FLOW, ZOOM);
  expectFrame("flow-opened-80x24", press(stage, "line-up", 30).send(enter(1e9)));
});
for (const size of [SMALL, LARGE]) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame exchanges-${name}`, () =>
    expectFrame(`exchanges-${name}`, dockerStage("others", size).send(EXCHANGES)));
  test(`frame exchanges-opened-${name}`, () => {
    const stage = dockerStage("run", size).send(EXCHANGES, ZOOM);
    expectFrame(`exchanges-opened-${name}`, press(stage, "line-up", 5).send(enter(1e9)));
  });
}

describe("picking", () => {
  test("up and down choose, Enter opens and unfolds, Esc goes back", () => {
    const stage = press(dockerStage("run", SMALL).send(FLOW), "line-up", 3);
    const { picked, scroll } = stage.state();
    expect(picked).toMatchObject({ pane: "flow", opened: "no" });
    expect(stage.frame()).toMatch(/▸\+0\.\d+ /);
    expect(stage.frame()).toContain("Enter opens this");
    stage.send(enter(1e9));
    expect(stage.state().picked).toMatchObject({ key: picked?.key, opened: "folded" });
    expect(press(stage, "line-down").state().picked?.key).toBe(picked?.key);
    stage.send(enter(2e9));
    expect(stage.state().picked?.opened).toBe("whole");
    stage.send(ESCAPE);
    expect(stage.state()).toMatchObject({ scroll, picked: { key: picked?.key, opened: "no" } });
    stage.send(ESCAPE);
    expect(stage.state()).toMatchObject({ scroll: {}, picked: null });
    // Nothing is picked any more, and Enter is the next thing again.
    expect(stage.send(enter(3e9)).state().step).toBe(2);
  });

  test("Enter means the entry only while its pane has the focus", () => {
    const stage = press(dockerStage("run", SMALL).send(FLOW), "line-up");
    stage.send({ kind: "digit", digit: "0" }, enter(1e9));
    expect(stage.state()).toMatchObject({ step: 2, picked: null });
  });

  test("rules are passed over, and the ends hold", () => {
    const stage = press(dockerStage("run", SMALL).send(FLOW), "top");
    const first = stage.state().picked?.key;
    expect(press(stage, "line-up").state().picked?.key).toBe(first);
    expect(stage.view().events[Number.parseInt(first ?? "", 10)]?.kind).toBe("process.exec");
    const keys = new Set<string | undefined>();
    for (let count = 0; count < 200; count++)
      keys.add(press(stage, "line-down").state().picked?.key);
    const all = entriesOf(stage, "flow");
    expect(keys.size).toBe(all.length - 1);
    expect(stage.state().picked?.key).toBe(all.at(-1));
    expect(press(stage, "bottom").state()).toMatchObject({ picked: null, scroll: {} });
  });

  test("what is picked stays when others come before it, and the run of a step lets go", () => {
    const stage = press(dockerStage("run", LARGE).send(FLOW), "line-up", 3);
    const key = stage.state().picked?.key;
    stage.grow([
      {
        ...{ kind: "exchange", t: 9e12, began: 1, run: 1, labPid: 2, fd: 3, connection: 99 },
        ...{ side: "client", method: "GET", path: "/", request: { headers: [], bytes: 0 } },
      } as Exchange,
    ]);
    expect(stage.state().picked?.key).toBe(key);
    expect(stage.frame()).toMatch(/▸\+0\.\d+ /);
    stage.send({ kind: "asked", action: "again", at: 5e9 });
    expect(stage.state().picked).toBeNull();
  });
});
