import { expect, test } from "vitest";
import { createLayerReader, type Tree, type TreeEntry } from "../../src/sources/layers.ts";
import type { Snapshot } from "../../src/timeline/snapshot.ts";

function lab(
  ...overlays: readonly { target: string; options: string; mntns?: number }[]
): Snapshot {
  const mounts = overlays.map((overlay, index) => ({
    ...{ mount: index, parent: 0, fstype: "overlay", source: "x", ...overlay },
  }));
  return {
    ...{ from: 0, until: 0, processes: [], namespaces: [], cgroups: [], netns: [], cut: [] },
    mounts,
  };
}

const name = (path: string, rest: Partial<TreeEntry> = {}): TreeEntry => ({
  ...{ path, type: "file", mode: "0644", links: 1, size: 3, ...rest },
});

const OWN = { target: "/usr", options: "ro,relatime,lowerdir=/usr:.empty" };
const MINE = { target: "/m", options: "rw,lowerdir=/low,upperdir=/up,workdir=/w" };

function reader(trees: Record<string, Tree>) {
  const asked: string[] = [];
  const layers = createLayerReader(async (path) => {
    asked.push(path);
    return trees[path] ?? null;
  });
  return { ...layers, asked, trees };
}

test("the lab's own overlays are not read, nor copies of them in other namespaces", async () => {
  const { look, asked } = reader({});
  expect(await look(lab(OWN))).toEqual([]);
  const copy = { ...OWN, options: "ro,nosuid,lowerdir=/usr:.empty", mntns: 5 };
  expect(await look(lab(OWN, copy))).toEqual([]);
  expect(asked).toEqual([]);
});

test("layers are told once, and again when they differ, also when they are gone", async () => {
  const low = { entries: [name("b"), name("a", { links: 2 })], more: false };
  const { look, told, trees } = reader({ "/low": low, "/up": { entries: [], more: false } });
  await look(lab());
  const first = await look(lab(MINE));
  expect(first.map(({ path, entries }) => [path, entries.map((each) => each.path)])).toEqual([
    ["/up", []],
    ["/low", ["a", "b"]],
  ]);
  expect(first[1]?.entries[0]).toEqual({
    path: "a",
    type: "file",
    mode: "0644",
    size: 3,
    links: 2,
  });
  expect(await look(lab(MINE))).toEqual([]);
  const gone = name("x", { type: "character device", whiteout: true });
  trees["/up"] = { entries: [name("d", { type: "directory", opaque: true }), gone], more: true };
  expect(await look(lab(MINE))).toMatchObject([
    { path: "/up", exists: true, whiteouts: ["x"], opaque: ["d"], cut: true },
  ]);
  // Unmounted, they are still looked at.
  delete trees["/up"];
  expect(await look(lab())).toMatchObject([{ path: "/up", exists: false, entries: [] }]);
  expect([...told().keys()]).toEqual(["/up", "/low"]);
});

test("relative directories are looked for above the target; what cannot be read is left out", async () => {
  const tree = { entries: [], more: false };
  const { look } = reader({ "/var/l/A": tree, "/var/id/diff": tree });
  await look(lab());
  const docker = { target: "/var/id/merged", options: "rw,lowerdir=l/A:l/B,upperdir=id/diff" };
  const seen = await look(lab(docker));
  expect(seen.map(({ path }) => path)).toEqual(["/var/id/diff", "/var/l/A"]);
});

test("of very many directories so many are read, the mounted ones first", async () => {
  const trees: Record<string, Tree> = {};
  for (let n = 0; n < 200; n++) trees[`/l${n}`] = { entries: [], more: false };
  const { look, asked } = reader(trees);
  await look(lab());
  const lower = (from: number, to: number): string =>
    `lowerdir=${Array.from({ length: to - from }, (_, n) => `/l${from + n}`).join(":")}`;
  expect(await look(lab({ target: "/m", options: lower(0, 100) }))).toHaveLength(64);
  asked.length = 0;
  const next = await look(lab({ target: "/m", options: lower(150, 160) }));
  expect(next.map(({ path }) => path)[0]).toBe("/l150");
  expect(next).toHaveLength(10);
});
