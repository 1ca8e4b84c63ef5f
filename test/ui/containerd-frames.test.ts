import { expect, test } from "vitest";
import { type Arrow, createFlowReader } from "../../src/ui/panes/flow/flow-arrows.ts";
import { layLanes } from "../../src/ui/panes/flow/flow-lanes.ts";
import { expectFrame } from "./expect-frame.ts";
import { containerdEvents, containerdStage } from "./sample-containerd.ts";

const FLOW = { kind: "digit", digit: "1" } as const;
const ZOOM = { kind: "asked", action: "zoom", at: 0 } as const;

test("frame containerd-flow-80x24", () =>
  expectFrame(
    "containerd-flow-80x24",
    containerdStage({ columns: 80, rows: 24 }).send(FLOW, ZOOM),
  ));
test("frame containerd-flow-200x60", () =>
  expectFrame("containerd-flow-200x60", containerdStage({ columns: 200, rows: 60 }).send(FLOW)));

function flowOfTask() {
  const events = containerdEvents();
  const began = events.find(({ kind, ...rest }) => {
    return kind === "step.start" && "step" in rest && rest.step === "task";
  });
  const flow = createFlowReader().read(events, events.length);
  return { flow, arrows: flow.arrows.filter(({ t }) => t >= (began?.t ?? 0)) };
}

test("without dockerd the way is client, containerd, shim, runtime, container", () => {
  expect(layLanes(flowOfTask().flow, 120).roles).toEqual([
    "client",
    "containerd",
    "shim",
    "runtime",
    "container",
  ]);
});

test("calls stand where they were made, and not where their connection began", () => {
  const brief = ({ from, to, label }: Arrow): string => `${from} ${to} ${label}`;
  const lines = flowOfTask().arrows.map(brief);
  const wanted = [
    /^client client ctr task start -d c1$/,
    /^client containerd gRPC Containers\/Get$/,
    /^client containerd gRPC Snapshots\/Mounts$/,
    /^client containerd gRPC Tasks\/Create$/,
    /^containerd shim containerd-shim-runc-v2 start$/,
    /^shim runtime runc create c1$/,
    /^shim containerd \/tasks\/create pid \d+$/,
    /^client containerd gRPC Tasks\/Start$/,
    /^shim runtime runc start c1$/,
    /^shim containerd \/tasks\/start pid \d+$/,
    /^client client exit 0 \(ctr\)$/,
    /^runtime container sleep 1000$/,
  ];
  let from = 0;
  for (const form of wanted) {
    const at = lines.findIndex((line, index) => index >= from && form.test(line));
    expect(at, `${form} after ${lines[from - 1]} in ${lines.join("\n")}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
});
