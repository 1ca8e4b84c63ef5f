import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";

type Variant = "v1" | "v2";

/** A lesson of one step, about the numbers of groups. */
export function chartsLesson(variant: Variant): SelectedLesson {
  const placed = { variant: null, line: 1 } as const;
  const step = {
    ...{ id: "oom", title: "Out of memory", needs: [], panes: null, trace: null },
    parts: [
      { kind: "prose", ...placed, markdown: "Ask for more than there is." } as const,
      { kind: "run", ...placed, script: "eat 200M" } as const,
    ],
  };
  return selectVariant(
    {
      ...{ format: 1, id: "charts", title: "Charts", summary: "Numbers", file: "lesson.md" },
      ...{ minutes: 10, needs: ["linux"], intro: "", trace: ["write"], strings: 256 },
      ...{ panes: ["charts", "events", "output"], steps: [step] },
    },
    variant,
  );
}

const MEBIBYTE = 2 ** 20;
const STARTED = 10e9;

/** The file's name and tree on v1, and on v2. */
const FILES = {
  memory: ["memory", "memory.usage_in_bytes", "memory.current"],
  limit: ["memory", "memory.limit_in_bytes", "memory.max"],
  peak: ["memory", "memory.max_usage_in_bytes", "memory.peak"],
  pids: ["pids", "pids.current", "pids.current"],
  pidsLimit: ["pids", "pids.max", "pids.max"],
  throttled: ["cpu", "cpu.stat", "cpu.stat"],
} as const;

/** Readings of one group, in the order in which they come. */
function reader(variant: Variant, path: string) {
  const known = new Map<string, string>();
  const tree = (name: keyof typeof FILES) => (variant === "v1" ? FILES[name][0] : "");
  return {
    made: (name: keyof typeof FILES, t: number): Event => ({
      ...{ kind: "cgroup.create", t: at(t), hierarchy: tree(name), path, files: [] },
    }),
    read(name: keyof typeof FILES, t: number, after: string): Event {
      const file = FILES[name][variant === "v1" ? 1 : 2];
      const before = known.get(file) ?? null;
      known.set(file, after);
      return { kind: "cgroup.change", t: at(t), hierarchy: tree(name), path, file, before, after };
    },
  };
}

function at(seconds: number): number {
  return STARTED + Math.round(seconds * 1e9);
}

/** v1 counts what was used in another file. */
function stat(variant: Variant, throttled: number, used: number): string {
  const usage = variant === "v2" ? `usage_usec ${used}\n` : "";
  return `${usage}nr_periods ${throttled + 2}\nnr_throttled ${throttled}`;
}

/** The limit is met once between two looks, and one is killed; another group is throttled. */
export function oomEvents(variant: Variant): Event[] {
  const [demo, capped] = [reader(variant, "/demo"), reader(variant, "/capped")];
  const bytes = (mebibytes: number): string => `${mebibytes * MEBIBYTE}\n`;
  const hierarchy = variant === "v1" ? "memory" : "";
  const throttles = Array.from({ length: 7 }, (_, index) =>
    capped.read("throttled", 0.2 + index * 0.2, stat(variant, 2 * index, 40_000 * index)),
  );
  const events: Event[] = [
    { kind: "step.start", t: at(0), step: "oom" },
    demo.made("memory", 0.01),
    demo.read("memory", 0.01, "0\n"),
    demo.read("limit", 0.01, variant === "v1" ? "9223372036854771712\n" : "max\n"),
    demo.read("peak", 0.01, "0\n"),
    ...(variant === "v1" ? [demo.made("pids", 0.02)] : []),
    demo.read("pids", 0.02, "0\n"),
    demo.read("limit", 0.1, bytes(64)),
    demo.read("pids", 0.2, "2\n"),
    demo.read("memory", 0.2, bytes(9)),
    demo.read("memory", 0.6, bytes(12)),
    capped.made("throttled", 0.15),
    ...throttles,
    { kind: "cgroup.oom", t: at(0.9), hierarchy, path: "/demo", kills: 1 },
    // In the order of the files' names.
    ...(variant === "v1" ? [demo.read("peak", 1, bytes(64))] : []),
    demo.read("memory", 1, bytes(1)),
    ...(variant === "v2" ? [demo.read("peak", 1, bytes(64))] : []),
    demo.read("pids", 1, "0\n"),
  ];
  const end: Event = { kind: "step.end", t: at(1.6), step: "oom" };
  return [...events.sort((a, b) => a.t - b.t), end];
}
