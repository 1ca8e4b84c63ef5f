import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { WATCH_LESSON, WATCH_STEP } from "../../src/commands/watch-lesson.ts";
import type { Mode } from "../../src/drivers/driver.ts";
import { selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { type Arrow, createFlowReader } from "../../src/ui/panes/flow/flow-arrows.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, type Stage } from "./render-frame.tsx";

/** Docker 28 while `docker run` and `docker exec` were typed elsewhere. */
function watchEvents(): Event[] {
  const file = new URL("../../fixtures/daemons/watch-docker.ndjson", import.meta.url);
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Event);
}

const HOST: Mode = { kind: "live", host: true };
const lesson = selectVariant(WATCH_LESSON, "v1");

/** The screen while it watches: the step goes on. */
function watching(size: { columns: number; rows: number }): Stage {
  const events = watchEvents();
  const end = events.findIndex(({ kind }) => kind === "step.end");
  const stage = createStage({ ...size, lesson, mode: HOST, auto: true });
  return stage.send({ kind: "started" }).grow(events.slice(0, end));
}

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];
for (const size of SIZES) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame watch-${name}`, () => expectFrame(`watch-${name}`, watching(size)));
  for (const [digit, pane] of [
    ["3", "processes"],
    ["4", "cgroups"],
    ["5", "exchanges"],
    ["6", "namespaces"],
  ] as const)
    test(`frame watch-${pane}-${name}`, () => {
      const zoom = { kind: "asked", action: "zoom", at: 0 } as const;
      expectFrame(`watch-${pane}-${name}`, watching(size).send({ kind: "digit", digit }, zoom));
    });
}

/** As long as the container runs, by its groups. */
test("frame watch-running-cgroups-80x24", () => {
  const events = watchEvents();
  const until = events.findIndex(
    (event) => event.kind === "docker.event" && event.action === "die",
  );
  const stage = createStage({ columns: 80, rows: 24, lesson, mode: HOST, auto: true });
  stage.send({ kind: "started" }).grow(events.slice(0, until));
  const zoom = { kind: "asked", action: "zoom", at: 0 } as const;
  expectFrame("watch-running-cgroups-80x24", stage.send({ kind: "digit", digit: "4" }, zoom));
});

test("leaving a watch is not asked about: nothing is cut off", () => {
  const stage = watching({ columns: 80, rows: 24 });
  expect(stage.frame()).toContain("● watching");
  stage.send({ kind: "asked", action: "quit", at: 1 });
  expect(stage.effects.map(({ kind }) => kind)).toEqual(["run", "interrupt", "leave"]);
  expect(stage.frame()).toContain("leaving…");
});

function arrowsOf(events: readonly Event[]): string[] {
  const { arrows } = createFlowReader().read(events, events.length);
  return arrows.map(({ from, to, label }: Arrow) => `${from} ${to} ${label}`);
}

/** What somebody sees who is not root: no namespaces, nothing of containerd. */
function asUser(event: Event): Event[] {
  if (event.kind === "containerd.event" || event.kind === "watch.start") return [];
  if (!("namespaces" in event) || event.kind === "lab.ready") return [event];
  const { namespaces: _, ...rest } = event;
  return [rest as Event];
}

describe("the flow of a daemon that was there before", () => {
  const wanted = [
    /^client client docker run --rm --name hello/,
    /^daemon daemon event: container create hello$/,
    /^containerd shim containerd-shim-runc-v2 start$/,
    /^shim runtime runc create$/,
    /^runtime container sh -c 'sleep 2; exit 3'$/,
    /^daemon daemon event: container start hello$/,
    /^daemon daemon event: container exec_die hello exit 4$/,
    /^container shim ! exit 3 \(sh\)$/,
    /^daemon daemon event: container die hello exit 3$/,
    /^client client ! exit 3 \(docker\)$/,
  ];
  const inOrder = (arrows: readonly string[]): void => {
    let at = 0;
    for (const form of wanted) {
      const found = arrows.findIndex((arrow, index) => index >= at && form.test(arrow));
      expect(found, `${form} after ${arrows[at - 1]} in\n${arrows.join("\n")}`).toBeGreaterThan(-1);
      at = found + 1;
    }
  };

  test("goes from the docker command to the container's process and back", () => {
    inOrder(arrowsOf(watchEvents()));
  });

  test("and for who cannot see namespaces too", () => {
    inOrder(arrowsOf(watchEvents().flatMap(asUser)));
  });

  test("has no arrow for who was there, nor for what we ask ourselves", () => {
    const arrows = arrowsOf(watchEvents());
    expect(arrows.filter((arrow) => /GET|_ping|dockerd$/.test(arrow))).toEqual([]);
    const { actors } = createFlowReader().read(watchEvents(), watchEvents().length);
    expect(
      actors
        .slice(0, 2)
        .map(({ role }) => role)
        .sort(),
    ).toEqual(["containerd", "daemon"]);
  });
});

test("a process that was there is in the tree, below whom it belongs to", () => {
  const world = foldWorld(watchEvents());
  const dockerd = [...world.processes.values()].find(({ comm }) => comm === "dockerd");
  const containerd = [...world.processes.values()].find(({ comm }) => comm === "containerd");
  expect(containerd?.ppid).toBe(dockerd?.pid);
  expect(world.lab?.mode).toBe("host");
  expect(lesson.steps.map(({ id }) => id)).toEqual([WATCH_STEP]);
});
