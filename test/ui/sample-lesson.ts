import type { Check, Lesson, Part, Step } from "../../src/lesson/lesson.ts";
import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";

/** A small lesson of three steps, with everything the screen has to show. */
export function sampleLesson(variant: "v1" | "v2" = "v1"): SelectedLesson {
  const lesson: Lesson = {
    format: 1,
    id: "cgroups",
    title: "Control groups",
    summary: "What the kernel lets a group of processes have",
    minutes: 20,
    needs: ["linux", "cgroup"],
    intro: "# Control groups\n\nWhat a process may **use** is decided by the group it is in.",
    trace: ["write", "mkdir", "execve"],
    strings: 256,
    panes: null,
    steps: [make, limit, finish],
    file: "lessons/cgroups/lesson.md",
  };
  return selectVariant(lesson, variant);
}

function prose(markdown: string, variant: Part["variant"] = null): Part {
  return { kind: "prose", variant, line: 1, markdown };
}

function run(script: string, variant: Part["variant"] = null): Part {
  return { kind: "run", variant, line: 1, script };
}

function check(variant: Part["variant"], given: Check): Part {
  return { kind: "check", variant, line: 1, check: given };
}

const make: Step = {
  id: "make",
  title: "A group is a directory",
  needs: [],
  panes: null,
  trace: null,
  parts: [
    prose(
      "The kernel shows its control groups as **directories**. Whoever makes a directory makes a group, and the kernel fills it with *interface files* at once (`cgroups(7)`):\n\n- `cgroup.procs` lists the processes in the group; writing a pid to it moves that process here, whatever group it was in before\n- the others read and set what the group may have",
    ),
    run("mkdir /sys/fs/cgroup/memory/demo\nls /sys/fs/cgroup/memory/demo | head -3", "v1"),
    run("mkdir /sys/fs/cgroup/demo\nls /sys/fs/cgroup/demo | head -3", "v2"),
    prose("Nobody wrote these files: `mkdir(2)` did all of it, inside the kernel."),
    check("v1", {
      id: "make/1",
      that: "The directory of the group is there.",
      otherwise: "The group was not made.",
      claim: { kind: "event", count: null, event: "cgroup.create", where: {} },
    }),
    prose("On v2 there is one tree: `mkdir /sys/fs/cgroup/demo`.", "v2"),
  ],
};

const limit: Step = {
  id: "limit",
  title: "A hard limit, and what happens at it",
  needs: [],
  panes: null,
  trace: null,
  parts: [
    prose(
      "A group may be given a limit of memory. When its processes need more and nothing can be reclaimed, the kernel's OOM killer ends one **of the group**, whatever is free elsewhere on the machine.",
    ),
    prose(
      "| file | says |\n|---|---|\n| `memory.limit_in_bytes` | the limit |\n| `memory.oom_control` | how often it was enforced |",
      "v1",
    ),
    run("echo 32M > /sys/fs/cgroup/memory/demo/memory.limit_in_bytes", "v1"),
    run("echo 32M > /sys/fs/cgroup/demo/memory.max", "v2"),
    run("sh -c 'echo $$ > /sys/fs/cgroup/memory/demo/cgroup.procs; exec eat 64M'", "v1"),
    run("sh -c 'echo $$ > /sys/fs/cgroup/demo/cgroup.procs; exec eat 64M'", "v2"),
    prose(
      "`eat` was ended by **SIGKILL**, which no process can catch. A shell reports that as exit status 137: 128 + 9.",
    ),
    check(null, {
      id: "limit/1",
      that: "The kernel killed the process that went over the limit.",
      otherwise: "Nobody was killed. Is there swap the group could use?",
      claim: {
        kind: "event",
        count: null,
        event: "process.exit",
        where: { signal: { kind: "equals", value: "SIGKILL" } },
      },
    }),
    check(null, {
      id: "limit/2",
      that: "The group's counter of OOM kills says one.",
      otherwise: "The counter did not move, so somebody else sent the signal.",
      claim: {
        kind: "file",
        path: "/sys/fs/cgroup/memory/demo/memory.oom_control",
        field: "oom_kill",
        matcher: { kind: "at-least", value: 1 },
      },
    }),
    prose("The file is `memory.max`, and `memory.events` counts `oom_kill`.", "v2"),
  ],
};

const finish: Step = {
  id: "finish",
  title: "Clean up",
  needs: [],
  panes: null,
  trace: null,
  parts: [
    prose("A group without processes and without children can be removed, with `rmdir`."),
    run("rmdir /sys/fs/cgroup/memory/demo"),
  ],
};
