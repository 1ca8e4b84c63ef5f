import { describe, expect, test } from "vitest";
import { testResult } from "./jobs.ts";
import { whyNotKept } from "./keep-recording.ts";
import { type Known, matrixTable, merged, withTable } from "./matrix.ts";
import { faultsOf, type LessonResult, type Row } from "./results.ts";

const known: Known = {
  guests: ["debian12", "debian13"],
  lessons: ["cgroups", "runc"],
  testFiles: ["test/live/a.test.ts", "test/live/b.test.ts"],
};
const live: LessonResult = {
  ...{ mode: "live", expected: "live", why: null },
  ...{ steps: 3, unable: 0, passed: 5, failed: 0, skipped: 0, lacks: [] },
};
const replay: LessonResult = { ...live, mode: "replay", expected: "replay", why: "it needs root" };
const row: Row = {
  ...{ guest: "debian12", about: "Debian 12", as: "root", date: "2026-11-22" },
  ...{
    kernel: "6.1.0",
    systemd: "252",
    cgroup: "v2, systemd: cpu memory",
    doctor: { live: true, lacks: [] },
  },
  lessons: { cgroups: live },
  tests: { "test/live/a.test.ts": { passed: 2, failed: 0, skipped: [] } },
};

test("a recording is kept when it shows all of a lesson, on a host whose cgroups have a version", () => {
  expect(whyNotKept(live, "v2, systemd: cpu memory")).toBe(null);
  expect(whyNotKept(replay, "v2")).toBe("it was replay");
  for (const some of ["unable", "failed", "skipped"])
    expect(whyNotKept({ ...live, [some]: 1 }, "v2")).toMatch(/^1 /);
  expect(whyNotKept(live, "split: cpu in v1, memory in v2")).toMatch(/^its cgroups are split/);
});

describe("a row is at fault when", () => {
  test("nothing is: not", () => {
    expect(faultsOf(row)).toEqual([]);
    for (const doctor of [
      { live: false, lacks: ["root"] },
      { live: true, lacks: ["cgroups"] },
    ])
      expect(faultsOf({ ...row, doctor, lessons: { cgroups: replay } })).toEqual([]);
    expect(faultsOf({ ...row, lessons: { cgroups: live, runc: replay } })).toEqual([]);
  });

  test.each<[string, Partial<Row>]>([
    ["lesson cgroups: 1 checks failed", { lessons: { cgroups: { ...live, failed: 1 } } }],
    ["lesson cgroups broke: x", { lessons: { cgroups: { ...live, mode: "broken", why: "x" } } }],
    [
      "lesson cgroups was a live session, and list had promised replay",
      { lessons: { cgroups: { ...live, expected: "replay" } } },
    ],
    [
      "lesson cgroups was not live, and did not say why",
      { doctor: { live: false, lacks: [] }, lessons: { cgroups: { ...replay, why: null } } },
    ],
    [
      "the doctor found nothing wanting, and cgroups was not live",
      { lessons: { cgroups: { ...replay, why: "no lab" }, runc: live } },
    ],
    [
      "the doctor said lessons do not run live, and cgroups did",
      { doctor: { live: false, lacks: ["root"] } },
    ],
    ["test/live/a.test.ts: 1 failed", { tests: { "test/live/a.test.ts": testResult("", 1) } }],
  ])("%s", (fault, change) => {
    expect(faultsOf({ ...row, ...change })).toEqual([fault]);
  });
});

describe("the closing line of a run", () => {
  test("counts, and names what was skipped", () => {
    const log = "SKIP a > b: needs root\nnoise\n4 passed, 1 failed, 1 skipped\n";
    expect(testResult(log, 1)).toEqual({ passed: 4, failed: 1, skipped: ["a > b: needs root"] });
    expect(testResult("4 passed, 0 failed, 0 skipped\n", 0)).toMatchObject({ failed: 0 });
  });

  test("a run that broke did not pass", () => {
    expect(testResult("4 passed, 0 failed, 0 skipped\n", 137).failed).toBe(1);
    expect(testResult("Killed\n", 137).failed).toBe(1);
  });
});

describe("the matrix", () => {
  test("a part replaces that part; what is gone goes", () => {
    const part: Row = {
      ...row,
      lessons: { runc: replay },
      tests: { "test/live/b.test.ts": { passed: 1, failed: 0, skipped: ["x"] } },
    };
    const old: Row = { ...row, tests: { ...row.tests, "gone.test.ts": testResult("", 0) } };
    const other: Row = { ...row, guest: "debian13" };
    const gone: Row = { ...row, guest: "debian1" };
    const rows = merged([other, gone, old], part, known);
    expect(rows.map(({ guest }) => guest)).toEqual(["debian12", "debian13"]);
    expect(Object.keys(rows[0]?.lessons ?? {})).toEqual(["cgroups", "runc"]);
    expect(Object.keys(rows[0]?.tests ?? {})).toEqual(known.testFiles);
  });

  test("a reason stands below the table once, a host's words in its first row", () => {
    const lacks = [
      { step: "disk", why: "it needs root" },
      { step: "net", why: "it needs a net" },
      { step: "dev", why: "it needs root" },
    ];
    const some: LessonResult = { ...live, unable: 3, skipped: 1, failed: 1, lacks };
    const user: Row = {
      ...row,
      ...{ as: "user", tests: {} },
      lessons: { cgroups: some, runc: { ...replay, why: "it needs a net" } },
    };
    expect(matrixTable([row, user], known.lessons).slice(2)).toEqual([
      "| Debian 12 | 6.1.0, 252 | v2, systemd | root | live 5/5 |  | 2 passed, 0 failed, 0 skipped | 2026-11-22 |",
      "|  |  |  | user | live 3/6 steps, 5/7, **1 failed**, 1 not checked ¹ ² | replay ² |  | 2026-11-22 |",
      ...["", "¹ it needs root"],
      ...["", "² it needs a net"],
    ]);
    const many = Array.from({ length: 12 }, (_, place) => ({ step: "s", why: `${place}` }));
    const last = matrixTable([{ ...row, lessons: { runc: { ...live, lacks: many } } }], ["runc"]);
    expect(last.at(-1)).toBe("¹² 11");
  });

  test("its table stands between two marks", () => {
    const both = {
      ...row,
      lessons: { cgroups: live, runc: { ...replay, why: "a | b; try: c" } },
    };
    const table = matrixTable([both], known.lessons);
    expect(table).toEqual([
      "| host | kernel, systemd | cgroup | as | cgroups | runc | live tests | on |",
      "|---|---|---|---|---|---|---|---|",
      "| Debian 12 | 6.1.0, 252 | v2, systemd | root | live 5/5 | replay ¹ | 2 passed, 0 failed, 0 skipped | 2026-11-22 |",
      "",
      "¹ a | b",
    ]);
    const marks = [
      "<!-- matrix: written by npm run test:vm -->",
      "<!-- end of matrix -->",
    ] as const;
    const readme = `before\n${marks[0]}\nold\n${marks[1]}\nafter\n`;
    const written = withTable(readme, [both], known.lessons);
    expect(written).toBe(`before\n${marks[0]}\n\n${table.join("\n")}\n\n${marks[1]}\nafter\n`);
    expect(withTable(written, [both], known.lessons)).toBe(written);
    expect(() => withTable("nothing", [], [])).toThrow("README.md has no");
  });
});
