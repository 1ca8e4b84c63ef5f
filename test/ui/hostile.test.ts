import { beforeAll, expect, test } from "vitest";
import { KERNEL_PANES } from "../../src/lesson/pane-plan.ts";
import { PANES } from "../../src/lesson/panes.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { CgroupChange } from "../../src/timeline/event-kernel.ts";
import { loadEmulator } from "../../src/ui/panes/shell/emulator.ts";
import { hardWrap, textOf, widthOf } from "../../src/ui/text.ts";
import { createPaint } from "../../src/ui/theme.ts";
import { entriesOf } from "./entries.ts";
import { createStage, type Stage } from "./render-frame.tsx";
import { labEvents, makeEvents, timed } from "./sample-session.ts";

beforeAll(loadEmulator);

const EVIL =
  "\u001b[2J\u001b]0;owned\u0007\u001bP+q\u001b\\\u009b31m\r\b\u0000\u202e\u2066x\u007f\t";

function hostileConfig(): string {
  return JSON.stringify({
    process: {
      args: [EVIL, "🙂"],
      user: { uid: EVIL },
      env: [EVIL],
      cwd: EVIL,
      rlimits: [{ type: EVIL }],
    },
    root: { path: EVIL },
    hostname: EVIL,
    mounts: [{ destination: EVIL, type: EVIL, options: [EVIL] }, EVIL, null],
    linux: { namespaces: [{ type: EVIL, path: EVIL }], maskedPaths: [EVIL], cgroupsPath: EVIL },
    hooks: { [EVIL]: [{ path: EVIL }] },
  });
}

/** Numbers that no kernel writes. */
function hostileReadings(path: string): Omit<CgroupChange, "t">[] {
  const texts = { "memory.current": "99999999999999999999", "memory.max": EVIL, "cpu.max": "1 0" };
  const readings = [...Object.entries(texts), ["memory.peak", "9".repeat(400)], ["pids.max", "0"]];
  return readings.map(([file = "", after = ""]) => ({
    ...{ kind: "cgroup.change", hierarchy: `h${EVIL}`, path, file, before: null, after },
  }));
}

/** A lab in which everything that can be named is named to harm. */
function hostileEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "limit" },
      { kind: "run.start", run: 9, step: "limit", pid: 90, labPid: 9, script: `echo ${EVIL}\nx` },
      { kind: "process.fork", pid: 90, ppid: 4242, labPid: 9 },
      {
        kind: "process.exec",
        pid: 90,
        labPid: 9,
        comm: EVIL,
        argv: [EVIL, "控制组🙂", `a\n${EVIL}`],
      },
      { kind: "process.fork", pid: 91, ppid: 90, labPid: 10 },
      { kind: "process.exec", pid: 91, labPid: 10, comm: EVIL },
      {
        kind: "syscall",
        labPid: 9,
        run: 9,
        name: EVIL,
        args: [EVIL, "🙂"],
        result: EVIL,
        errno: EVIL,
      },
      { kind: "trace.signal", labPid: 9, run: 9, event: "signal", text: EVIL },
      { kind: "trace.other", run: 9, text: EVIL },
      { kind: "cgroup.create", hierarchy: `h${EVIL}`, path: `/a${EVIL}\n控制组`, files: [EVIL] },
      {
        kind: "cgroup.change",
        hierarchy: `h${EVIL}`,
        path: `/a${EVIL}\n控制组`,
        file: `f${EVIL}`,
        before: `k ${EVIL}\nl 1`,
        after: `k 2${EVIL}\nl 控制组`,
      },
      { kind: "cgroup.create", hierarchy: `h${EVIL}`, path: `/a${EVIL}${EVIL}\n控制组`, files: [] },
      ...["", EVIL].flatMap((more) => hostileReadings(`/a${EVIL}${more}\n控制组`)),
      {
        kind: "mount.add",
        mount: 3,
        parent: 1,
        target: EVIL,
        fstype: EVIL,
        source: EVIL,
        options: "",
      },
      { kind: "process.namespaces", pid: 90, namespaces: { mnt: 4026539001, net: 4026539002 } },
      {
        kind: "container.stage",
        ...{ container: EVIL, stage: "clone", pid: 90, detail: EVIL },
      },
      {
        kind: "mount.namespace",
        mntns: 4026539001,
        mounts: [
          {
            ...{ mount: 7, parent: 7, target: `/控制组${EVIL}`, fstype: EVIL, source: EVIL },
            ...{ options: `rw,${EVIL}`, root: EVIL, propagation: EVIL },
          },
        ],
      },
      {
        kind: "mount.add",
        ...{ mount: 8, parent: 1, target: `/run/${EVIL}`, fstype: "nsfs", source: "nsfs" },
        ...{ options: "rw", root: "net:[4026539003]" },
      },
      {
        kind: "mount.add",
        ...{ mount: 9, parent: 1, target: `/m${EVIL}`, fstype: "overlay", source: EVIL },
        options: `rw,lowerdir=/l${EVIL.replaceAll("\\", "")},upperdir=/u,workdir=/w`,
      },
      {
        kind: "layer.contents",
        ...{ path: "/u", exists: true, whiteouts: [`w${EVIL}`], opaque: ["控制组"], cut: true },
        entries: [
          { path: EVIL, type: EVIL, mode: EVIL },
          { path: `l${EVIL}`, type: "link", mode: "0777", target: EVIL },
          { path: `f${EVIL}`, type: "file", mode: "0644", size: 1, redirect: EVIL },
          { path: `w${EVIL}`, type: "character device", mode: "0000" },
          { path: "控制组", type: "directory", mode: "0755" },
        ],
      },
      { kind: "process.fork", pid: 92, ppid: 90, labPid: 11 },
      { kind: "process.exec", pid: 92, labPid: 11, argv: ["dockerd", EVIL] },
      { kind: "process.fork", pid: 93, ppid: 92, labPid: 12 },
      { kind: "process.exec", pid: 93, labPid: 12, argv: [`/x/${EVIL}`, EVIL] },
      { kind: "process.fork", pid: 94, ppid: 92, labPid: 13 },
      { kind: "process.exec", pid: 94, labPid: 13, argv: ["runc", EVIL, "create", EVIL] },
      { kind: "process.exit", pid: 94, labPid: 13, comm: EVIL, signal: EVIL },
      {
        kind: "exchange",
        ...{ run: 9, labPid: 9, fd: 3, connection: 1, began: 1, side: "client", socket: EVIL },
        ...{ method: EVIL, path: EVIL, query: EVIL, status: 500, upgrade: EVIL },
        request: { headers: [[EVIL, EVIL]], text: JSON.stringify({ [EVIL]: EVIL }), bytes: 9 },
        response: { headers: [], text: `${EVIL}\n{"a":["${"控制组".repeat(40)}"]}`, bytes: 9 },
      },
      {
        kind: "exchange.stream",
        ...{ run: 9, labPid: 9, fd: 3, connection: 1, direction: "in", text: EVIL, bytes: 9 },
      },
      {
        kind: "containerd.event",
        ...{ run: 9, topic: EVIL, namespace: EVIL, container: EVIL, fields: { [EVIL]: EVIL } },
      },
      {
        kind: "docker.event",
        ...{
          run: 9,
          type: EVIL,
          action: EVIL,
          actor: EVIL,
          attributes: { name: EVIL, [EVIL]: "" },
        },
      },
      { kind: "dockerd.log", run: 9, level: EVIL, message: EVIL, fields: { [EVIL]: EVIL } },
      { kind: "watch.line", run: 9, stream: "out", text: EVIL },
      { kind: "watch.start", run: 10, step: "limit", pid: 95, labPid: 14, script: EVIL },
      { kind: "watch.exit", run: 10, signal: EVIL },
      {
        kind: "bundle.config",
        ...{
          container: EVIL,
          root: EVIL,
          labPid: 9,
          pid: 90,
          runtime: EVIL,
          bundle: `控制组${EVIL}`,
        },
        text: hostileConfig(),
      },
      {
        kind: "bundle.process",
        ...{ container: EVIL, root: EVIL, labPid: 9, pid: 90 },
        proc: {
          status: `Uid:\t${EVIL}\t0\nSeccomp:\t${EVIL}`,
          cmdline: EVIL,
          cgroup: `0::/${EVIL}`,
        },
      },
      { kind: "netns.add", netns: 5, name: EVIL },
      { kind: "link.add", index: 2, name: EVIL, up: true, master: { index: 1, name: EVIL } },
      { kind: "address.add", netns: 5, index: 2, link: EVIL, address: EVIL },
      { kind: "route.add", netns: 5, family: "ip", destination: EVIL, gateway: EVIL, link: EVIL },
      { kind: "chain.add", family: EVIL, table: EVIL, chain: EVIL, hook: EVIL, policy: EVIL },
      { kind: "rule.add", family: EVIL, table: EVIL, chain: EVIL, handle: 1, text: EVIL },
      { kind: "shell.start", run: 11, pid: 95, labPid: 12, rows: 9, columns: 60 },
      { kind: "output", run: 11, stream: "pty", text: `${EVIL}\u200f控制组🙂\r\n`.repeat(5) },
      {
        kind: "conntrack.new",
        ...{ connection: 1, protocol: EVIL, status: [EVIL], state: EVIL },
        original: { src: EVIL, dst: `控制${EVIL}`, sport: 1, dport: 2 },
        reply: { src: EVIL, dst: `${EVIL}:`, sport: 3, dport: 4 },
      },
      { kind: "netns.remove", netns: 5, name: EVIL },
      { kind: "output", run: 9, stream: "out", text: `${EVIL}\n控制组🙂`.repeat(40) },
      { kind: "output", run: 9, stream: "err", base64: "AAECAw==" },
      { kind: "process.exit", pid: 91, labPid: 10, comm: EVIL, signal: EVIL },
      { kind: "run.exit", run: 9, signal: EVIL },
      { kind: "diagnostic", source: EVIL, message: EVIL },
      { kind: "step.end", step: "limit" },
      { kind: "lab.gone", reason: EVIL },
    ],
    20e9,
  );
}

function stage(columns: number, rows: number): Stage {
  const paint = createPaint({ colour: true });
  return createStage({ columns, rows, paint })
    .grow(labEvents())
    .grow(makeEvents())
    .grow(hostileEvents());
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const SGR = /\u001b\[[\d;]*m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

for (const [columns, rows] of [
  [80, 24],
  [200, 60],
  [61, 17],
] as const) {
  for (const pane of KERNEL_PANES) {
    test(`nothing hostile reaches the terminal: ${pane} at ${columns}×${rows}`, () => {
      const shown = stage(columns, rows).send({ kind: "focused", pane });
      for (const frame of [shown.frame(), zoomedAndScrolled(shown)]) {
        const text = frame.replace(SGR, "");
        expect(text).not.toMatch(UNSAFE);
        expect(text.split("\n").length).toBeLessThanOrEqual(rows);
        for (const line of text.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      }
    });
  }
}

for (const pane of ["flow", "exchanges", "events", "processes", "cgroups"] as const) {
  test(`nor from an entry of ${pane} that is opened`, () => {
    const shown = stage(80, 24).send({ kind: "focused", pane });
    const entries = entriesOf(shown, pane);
    expect(entries.length).toBeGreaterThan(1);
    for (const key of entries) {
      shown.send({ kind: "picked", pane, key, scroll: null });
      for (const whole of [false, true]) {
        shown.send({ kind: "asked", action: "proceed", at: whole ? 2e9 : 1e9 });
        const text = shown.frame().replace(SGR, "");
        expect(text).not.toMatch(UNSAFE);
        for (const line of text.split("\n")) expect(widthOf(line)).toBeLessThanOrEqual(80);
      }
    }
  });
}

function zoomedAndScrolled(shown: Stage): string {
  const { focus } = shown.state();
  return shown
    .send({ kind: "asked", action: "zoom", at: 0 }, { kind: "scrolled", pane: focus, to: 0 })
    .frame();
}

/** Ink drops what it does not know, so a frame alone cannot tell whether a pane let it through. */
test.each(PANES)("nothing hostile gets as far as Ink: %s", (pane) => {
  const shown = stage(200, 60).send({ kind: "focused", pane });
  const lines = shown.panes[pane].lines(shown.view(), 160, 0, 5000);
  expect(lines.length).toBeGreaterThan(3);
  // A line is one row of the screen: not even a newline may be in it.
  for (const line of lines) expect(textOf(line)).not.toMatch(/[\n\u2028\u2029]/);
  for (const line of lines) expect(textOf(line)).not.toMatch(UNSAFE);
});

test("a line without end is cut in one go, wide characters and all", () => {
  const text = "é控🙂".repeat(20_000);
  const begun = performance.now();
  const pieces = hardWrap(text, 78);
  // Looking again at all the rest for each piece took minutes.
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(pieces.join("")).toBe(text);
  expect(Math.max(...pieces.map(widthOf))).toBe(78);
  expect(hardWrap("", 5)).toEqual([""]);
  expect(hardWrap("abcdef", 3)).toEqual(["abc", "def"]);
  expect(hardWrap("控a控", 1)).toEqual(["控", "a", "控"]);
});
