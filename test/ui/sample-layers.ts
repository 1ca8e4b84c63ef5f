import { type SelectedLesson, selectVariant } from "../../src/lesson/select.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { LayerContents, LayerEntry } from "../../src/timeline/event-layer.ts";
import { containerLab } from "./sample-containers.ts";
import { timed } from "./sample-session.ts";

/** A lesson about layers: an overlay is mounted, then written to. */
export function layersLesson(): SelectedLesson {
  const placed = { variant: null, line: 1 } as const;
  const step = (id: string, title: string) => ({
    ...{ id, title, needs: [], panes: null, trace: null },
    parts: [
      { kind: "prose", ...placed, markdown: "Files **hide**, directories merge." } as const,
      { kind: "run", ...placed, script: "rm c1/merged/etc/password" } as const,
    ],
  });
  return selectVariant(
    {
      ...{ format: 1, id: "layers", title: "Layers", summary: "Who wins", file: "lesson.md" },
      ...{ minutes: 10, needs: ["linux"], intro: "", trace: ["mount"], strings: 256 },
      panes: ["layers", "events", "output"],
      steps: [step("mount", "Three layers"), step("change", "What a container leaves")],
    },
    "v1",
  );
}

const file = (path: string, size: number): LayerEntry => ({
  ...{ path, type: "file", mode: "0644", size },
});
const directory = (path: string): LayerEntry => ({ path, type: "directory", mode: "0755" });
const device = (path: string): LayerEntry => ({ path, type: "character device", mode: "0000" });

type Contents = Omit<LayerContents, "t">;

export function contents(
  path: string,
  entries: readonly LayerEntry[],
  rest: Partial<LayerContents> = {},
): Contents {
  return {
    ...{ kind: "layer.contents", path, exists: true, entries },
    ...{ whiteouts: [], opaque: [], cut: false, ...rest },
  };
}

const BASE = contents("/root/image/base", [
  ...[directory("bin"), file("bin/sleep", 43_888), directory("etc"), file("etc/motd", 12)],
  ...[file("etc/password", 8), directory("lib"), file("lib/\u6a21\u578b", 33_554_432)],
  ...[directory("srv"), directory("srv/www"), file("srv/www/index.html", 9)],
]);
const APP = contents("/root/image/app", [
  ...[directory("etc"), file("etc/motd", 8), directory("srv"), file("srv/app.js", 2500)],
  { path: "srv/latest", type: "link", mode: "0777", target: "app.js" },
]);
/** Of Docker's, with names that say nothing and more of them than anybody wants to read. */
const MANY = contents(
  "/var/lib/docker/overlay2/l/ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  Array.from({ length: 90 }, (_, index) => file(`usr-${index + 100}`, 1000 * index)),
  { cut: true },
);
const DIFF = "/var/lib/docker/overlay2/9f2c/diff";

/** Two overlays appear: one made by hand, one with relative paths as Docker has them. */
export function mountEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "mount" },
      {
        kind: "mount.add",
        ...{ mount: 50, parent: 1, target: "/root/c1/merged", fstype: "overlay", source: "c1" },
        options:
          "rw,relatime,lowerdir=/root/image/app:/root/image/base,upperdir=/root/c1/upper,workdir=/root/c1/work",
      },
      {
        kind: "mount.add",
        ...{ mount: 51, parent: 1, fstype: "overlay", source: "overlay" },
        target: "/var/lib/docker/overlay2/9f2c/merged",
        options:
          "rw,lowerdir=l/ABCDEFGHIJKLMNOPQRSTUVWXYZ,upperdir=9f2c/diff,workdir=9f2c/work,index=off",
      },
      contents("/root/c1/upper", []),
      ...[APP, BASE, MANY, contents(DIFF, [])],
      { kind: "step.end", step: "mount" },
    ],
    2e9,
  );
}

/** A file is written, one copied up, one deleted; srv is deleted and made again. */
export function changeEvents(): Event[] {
  return timed(
    [
      { kind: "step.start", step: "change" },
      contents(
        "/root/c1/upper",
        [
          ...[directory("etc"), file("etc/note", 14), device("etc/password"), directory("lib")],
          ...[file("lib/\u6a21\u578b", 33_554_434), directory("srv")],
        ],
        { whiteouts: ["etc/password"], opaque: ["srv"] },
      ),
      contents(DIFF, [file("usr-180", 7), { ...file("usr-181", 7), metacopy: true }]),
      { kind: "step.end", step: "change" },
    ],
    5e9,
  );
}

export { containerLab as layersLab };
