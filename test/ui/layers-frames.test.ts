import { describe, expect, test } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { textOf } from "../../src/ui/text.ts";
import { expectFrame } from "./expect-frame.ts";
import { createStage, type Stage, type StageOptions } from "./render-frame.tsx";
import { changeEvents, contents, layersLab, layersLesson, mountEvents } from "./sample-layers.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
] as const;

function mounted(options: StageOptions = {}): Stage {
  return createStage({ ...options, lesson: layersLesson() })
    .grow(layersLab())
    .send({ kind: "asked", action: "proceed", at: 1000 })
    .grow(mountEvents())
    .send({ kind: "ran", step: "mount", failedChecks: 0, at: 2000 });
}

function changed(options: StageOptions = {}): Stage {
  return mounted(options)
    .send({ kind: "asked", action: "proceed", at: 5000 })
    .send({ kind: "asked", action: "proceed", at: 10_000 })
    .grow(changeEvents())
    .send({ kind: "ran", step: "change", failedChecks: 0, at: 12_000 });
}

for (const size of SIZES) {
  const name = `${size.columns}x${size.rows}`;
  test(`frame layers-mounted-${name}`, () => expectFrame(`layers-mounted-${name}`, mounted(size)));
  test(`frame layers-changed-${name}`, () => expectFrame(`layers-changed-${name}`, changed(size)));
}

describe("layers", () => {
  test("who wins is told, and what the step has changed is marked", () => {
    const rows = linesOf(changed());
    expect(rows).toContain("  /root/c1/merged: upper over app, base");
    expect(rows).toContain("  etc/                upper  directory  and of app, base");
    expect(rows).toContain("  etc/motd            app    8 B  hides that of base");
    expect(rows).toContain("+ etc/note            upper  14 B");
    expect(rows).toContain("- etc/password        upper  whiteout  hides that of base");
    expect(rows).toContain("~ lib/\u6a21\u578b            upper  32 MiB  hides that of base");
    expect(rows).toContain(
      "~ srv/                upper  opaque directory  hides that of app, base",
    );
    expect(rows).toContain("- srv/www/index.html         no longer seen, was base's");
  });

  test("nothing of an earlier step is marked", () => {
    const later: Event[] = [
      { kind: "step.start", t: 8e9, step: "mount" },
      { ...contents("/root/c1/upper", []), t: 9e9 },
    ];
    const rows = linesOf(changed().grow([...later, { kind: "step.end", t: 9.5e9, step: "mount" }]));
    expect(rows).toContain("- etc/note                   no longer seen, was upper's");
    expect(rows).toContain("+ etc/password        base   8 B");
    expect(rows.join("\n")).toMatch(/^ {2}usr-180 /m);
  });

  test("relative directories are Docker's; names that one layer alone has are counted", () => {
    const rows = linesOf(changed());
    const text = rows.join("\n");
    expect(text).toContain(": upper over ABCDEFGHIJK\u2026");
    expect(text).toMatch(/ABCDEFGHIJK\u2026 +90 files; .*and more that was not read; 88 are in no/);
    expect(text).toMatch(/~ usr-180 +upper +7 B {2}hides that of ABCDEFGHIJK\u2026/);
    expect(text).toMatch(/~ usr-181 +upper +metadata only/);
    expect(text).not.toContain("usr-150");
  });

  test("an overlay that is a container's root as well is shown once, where the lab sees it", () => {
    const root: Event = {
      ...{ kind: "mount.add", t: 7e9, mntns: 4026532999, mount: 90, parent: 89, target: "/" },
      ...{ fstype: "overlay", source: "overlay" },
      options: "rw,lowerdir=/root/image/app:/root/image/base,upperdir=/root/c1/upper",
    };
    const heads = linesOf(changed().grow([root])).filter((line) => /: upper over/.test(line));
    expect(heads).toHaveLength(2);
    expect(heads.join()).toContain("/root/c1/merged: upper over app, base");
  });

  test("without an overlay it says so", () => {
    const stage = createStage({ lesson: layersLesson() }).grow(layersLab());
    expect(linesOf(stage)).toEqual(["No overlay is mounted whose layers were read."]);
  });
});

function linesOf(stage: Stage): string[] {
  const { layers } = stage.panes;
  const view = stage.view();
  return layers.lines(view, 120, 0, layers.count(view, 120)).map((line) => textOf(line).trimEnd());
}
