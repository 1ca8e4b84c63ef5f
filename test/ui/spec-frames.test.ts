import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { textOf } from "../../src/ui/text.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, type Stage, type StageOptions } from "./render-frame.tsx";
import { bundleLab, bundleLesson, createEvents, endEvents, startEvents } from "./sample-bundle.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
] as const;

function created(options: StageOptions = {}): Stage {
  return createStage({ ...options, lesson: bundleLesson() })
    .grow(bundleLab())
    .send({ kind: "asked", action: "proceed", at: 1000 })
    .grow(createEvents())
    .send({ kind: "ran", step: "create", failedChecks: 0, at: 2000 });
}

function started(options: StageOptions = {}): Stage {
  return created(options)
    .send({ kind: "asked", action: "proceed", at: 5000 })
    .send({ kind: "asked", action: "proceed", at: 10_000 })
    .grow(startEvents())
    .send({ kind: "ran", step: "start", failedChecks: 0, at: 12_000 });
}

for (const size of SIZES) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame spec-created-${name}`, () => expectFrame(`spec-created-${name}`, created(size)));
  test(`frame spec-started-${name}`, () => expectFrame(`spec-started-${name}`, started(size)));
  test(`frame spec-zoomed-${name}`, () => {
    const zoom = started(size).send({ kind: "focused", pane: "spec" });
    expectFrame(`spec-zoomed-${name}`, zoom.send({ kind: "asked", action: "zoom", at: 13_000 }));
  });
}

/** The lines of the pane by their first two columns and the name. */
function row(stage: Stage, name: string): string {
  const { spec } = stage.panes;
  const lines = spec.lines(stage.view(), 160, 0, spec.count(stage.view(), 160)).map(textOf);
  return (lines.find((line) => line.slice(2).startsWith(`${name} `)) ?? "").replace(/\s+/g, " ");
}

describe("spec", () => {
  test("a container that is created is runc still, with its rights not yet given up", () => {
    expect(row(created(), "args")).toBe("≠ args sleep 1000 runc init");
    expect(row(created(), "capabilities.bounding")).toMatch(/^≠/);
    expect(row(started(), "args")).toBe("= args sleep 1000 sleep 1000");
    expect(row(started(), "capabilities.bounding")).toMatch(/^= .* AUDIT_WRITE KILL NET_BIND/);
  });

  test.each([
    ["capabilities.ambient", /^≠ .* none$/],
    ["capabilities.inheritable", /^= .* none none$/],
    ["user.uid, gid", /^= .* 0 0 0 0, outside 10000 10000$/],
    ["env", /^= env 2 variables these, and HOME$/],
    ["rlimits RLIMIT_NOFILE", /^≠ .* 1024 1024 1024 4096$/],
    ["rlimits RLIMIT_CORE", /^= .* 0 unlimited 0 unlimited$/],
    ["apparmorProfile", /^\? .* no AppArmor/],
    ["oomScoreAdj", /^= .* 100 100/],
    ["path", /^= path rootfs \/root\/box\/rootfs of ext4$/],
    ["hostname", /^= hostname 控制组 控制组$/],
    ["/data", /^≠ \/data bind \/srv ro ext4 \/srv$/],
    ["/absent", /^≠ .*nothing mounted there$/],
    ["/sys/fs/cgroup", /^= .* cgroup ro cgroup ro nosuid$/],
    ["namespaces net", /^= .* that of \/run\/netns\/web its own, 4026532312$/],
    ["namespaces ipc", /^= .* not listed the lab's, 4026532004$/],
    ["resources.memory.limit", /^= .* 33554432 33554432 \(memory.limit_in_bytes\)$/],
    ["resources.memory.swap", /^\? .* was not read$/],
    ["resources.pids.limit", /^≠ .* 20 max \(pids.max\)$/],
    ["resources.devices", /^= .* 1 rule 2 allowed, no more$/],
    ["uidMappings", /^= .* 0 10000 1000 0 10000 1000$/],
    ["seccomp", /^= .* 1 rules, else SCMP_ACT_ERRNO Seccomp 2, filters: 1$/],
    ["/proc/kcore", /^= .* masked \/dev\/null over it$/],
    ["/sys/firmware", /^= .* masked empty tmpfs over it$/],
    ["/proc/absent", /^\? .* masked not there, or open$/],
    ["/proc/sys", /^= .* readonly ro mount$/],
    ["/proc/bus", /^≠ .* readonly rw mount$/],
    ["createRuntime", /^= .* exit 0$/],
    ["poststop", /^\? .* not seen to run$/],
  ])("%s", (name, expected) => {
    expect(row(started(), name)).toMatch(expected);
  });

  test.each([
    ["memory.max", "33554432", "resources.memory.limit", "="],
    ["memory.max", "max", "resources.memory.limit", "≠"],
    ["memory.swap.max", "0", "resources.memory.swap", "="],
    ["memory.swap.max", "33554432", "resources.memory.swap", "≠"],
    ["pids.max", "20", "resources.pids.limit", "="],
    ["cpu.weight", "20", "resources.cpu.shares", "="],
    ["cpu.weight", "59", "resources.cpu.shares", "="],
    ["cpu.weight", "100", "resources.cpu.shares", "≠"],
    ["cpu.idle", "0", "resources.devices", "?"],
  ])("cgroup v2: %s %s is what %s asks for: %s", (file, after, name, mark) => {
    const controllers = ["memory", "pids", "cpu"];
    const tree = { hierarchy: "", version: 2, controllers, mount: "/sys/fs/cgroup" } as const;
    const lab = bundleLab().map((event) =>
      event.kind === "lab.ready" ? { ...event, hierarchies: [tree] } : event,
    );
    const events = createEvents().flatMap((event): Event[] => {
      if (event.kind.startsWith("cgroup.")) return [];
      if (event.kind !== "bundle.process") return [event];
      const of = { t: event.t, hierarchy: "", path: "/web" };
      return [
        { kind: "cgroup.create", ...of, files: [file] },
        { kind: "cgroup.change", ...of, file, before: null, after: `${after}\n` },
        { ...event, proc: { ...event.proc, cgroup: "0::/web\n" } },
      ];
    });
    const stage = createStage({ lesson: bundleLesson() }).grow(lab).grow(events);
    expect(row(stage, name).slice(0, 1)).toBe(mark);
    expect(row(stage, "cgroupsPath")).toBe("= cgroupsPath /web /web");
  });

  test.each([
    ["tick\0-n\0", ["tick", "-n"], "="],
    ["/bin/sh\0/usr/bin/tick\0-n\0", ["tick", "-n"], "="],
    ["/bin/sh\0-e\0/tick\0", ["/tick"], "="],
    ["/bin/sh\0/usr/bin/stick\0", ["tick"], "≠"],
    ["/bin/sh\0/usr/bin/tick\0-m\0", ["tick", "-n"], "≠"],
    ["sh\0", ["sh", "-c", "true"], "≠"],
  ])("args %j are those of %j: %s", (cmdline, args, mark) => {
    const events = createEvents().map((event) => {
      if (event.kind === "bundle.config")
        return { ...event, text: JSON.stringify({ process: { args } }) };
      return event.kind === "bundle.process" ? { ...event, proc: { cmdline } } : event;
    });
    const stage = createStage({ lesson: bundleLesson() }).grow(bundleLab()).grow(events);
    expect(row(stage, "args").slice(0, 1)).toBe(mark);
  });

  test("a container that ended in an earlier step gives way to one that runs, in its own it does not", () => {
    const of = { container: "brief", root: "/run/runc", labPid: 60, pid: 4400 };
    const brief: Event[] = [
      { kind: "process.fork", t: 1.9e9, pid: 4400, ppid: 4242, labPid: 60 },
      {
        kind: "bundle.config",
        t: 1.91e9,
        ...of,
        runtime: "runc",
        bundle: "/root/brief",
        text: "{}",
      },
      { kind: "process.exit", t: 1.92e9, pid: 4400, labPid: 60, code: 0 },
    ];
    const title = (stage: Stage): string =>
      textOf(stage.panes.spec.lines(stage.view(), 160, 0, 1)[0] ?? []);
    const stage = createStage({ lesson: bundleLesson() })
      .grow(bundleLab())
      .send({ kind: "asked", action: "proceed", at: 1000 })
      .grow([
        ...createEvents().slice(0, -1),
        ...brief,
        { kind: "step.end", t: 2e9, step: "create" },
      ])
      .send({ kind: "ran", step: "create", failedChecks: 0, at: 2000 });
    expect(title(stage)).toMatch(/^brief runc, pid 60 exit 0, the last of 2/);
    stage
      .send({ kind: "asked", action: "proceed", at: 5000 })
      .send({ kind: "asked", action: "proceed", at: 10_000 })
      .grow(startEvents());
    expect(title(stage)).toMatch(/^web runc, pid 21, one of 2/);
    // None runs any more: the last one.
    expect(title(stage.grow(endEvents()))).toMatch(/^brief runc/);
  });

  test("what is gone with the process is not said to differ", () => {
    const stage = started().grow(endEvents());
    expect(row(stage, "/proc")).toBe("? /proc proc went with the process");
    expect(row(stage, "capabilities.bounding")).toMatch(/^=/);
  });

  test.each([
    ["{", "could not be read"],
    ["null", "could not be read"],
    ["[]", "web runc"],
    ['{"process": {"args": 5, "capabilities": 7}, "mounts": {}, "linux": []}', "web runc"],
  ])("config.json %s harms nobody", (text, expected) => {
    const events = createEvents().map((event) =>
      event.kind === "bundle.config" ? { ...event, text } : event,
    );
    const stage = createStage({ lesson: bundleLesson() }).grow(bundleLab()).grow(events);
    const lines = stage.panes.spec.lines(stage.view(), 80, 0, 100).map(textOf);
    expect(lines.join("\n")).toContain(expected);
  });
});
