import { describe, expect, test } from "vitest";
import type { LayerContents, LayerEntry } from "../../src/timeline/event-layer.ts";
import { hasEventShape } from "../../src/timeline/event-shape.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { layerChanges } from "../../src/timeline/layer-diff.ts";
import { layerText } from "../../src/timeline/layer-text.ts";
import { mergeLayers } from "../../src/timeline/merged.ts";
import { overlayOptions, placesOfLayer } from "../../src/timeline/overlay.ts";
import { changeText } from "../../src/timeline/snapshot.ts";

const optionsOf = (options: string) => overlayOptions({ fstype: "overlay", options });

describe("an overlay's options", () => {
  test("as the kernel shows them: commas and blanks in octal, colons with a backslash", () => {
    // Linux 6.18's mountinfo, for lowerdir=/root/a b:/root/c\\:d:/root/e\\,f
    const shown =
      "rw,relatime,lowerdir=/root/a\\040b:/root/c\\134:d:/root/e\\134\\054f,upperdir=/root/u,workdir=/root/w";
    expect(optionsOf(shown)).toEqual({
      upper: "/root/u",
      lower: ["/root/a b", "/root/c:d", "/root/e,f"],
    });
  });

  test("one option for each layer (Linux 6.5), data alone, bytes beyond ASCII, no upperdir", () => {
    expect(optionsOf("ro,lowerdir+=/a:b,lowerdir+=/c,datadir+=/d,workdir=/w")?.lower).toEqual([
      ...["/a:b", "/c", "/d"],
    ]);
    expect(optionsOf("lowerdir=/a:/b::/data")).toEqual({
      upper: null,
      lower: ["/a", "/b", "/data"],
    });
    expect(optionsOf("lowerdir=/\\346\\216\\247,upperdir=/\u63a7")).toEqual({
      ...{ upper: "/\u63a7", lower: ["/\u63a7"] },
    });
  });

  test("nothing of other file systems, nor without a lower directory", () => {
    expect(overlayOptions({ fstype: "tmpfs", options: "lowerdir=/a" })).toBeNull();
    expect(optionsOf("rw,upperdir=/u")).toBeNull();
    expect(optionsOf("")).toBeNull();
  });

  test("a relative directory may be below any directory above the target", () => {
    expect(placesOfLayer("/a", "/m/n")).toEqual(["/a"]);
    expect(placesOfLayer("l/A", "/d/o/merged")).toEqual([
      ...["/d/o/merged/l/A", "/d/o/l/A", "/d/l/A", "/l/A"],
    ]);
  });
});

const file = (path: string): LayerEntry => ({ path, type: "file", mode: "0644", size: 1 });
const directory = (path: string): LayerEntry => ({ path, type: "directory", mode: "0755" });

function layer(
  entries: readonly LayerEntry[],
  rest: Partial<LayerContents> = {},
): Omit<LayerContents, "t"> {
  return {
    ...{ kind: "layer.contents", path: "/l", exists: true, entries, whiteouts: [], opaque: [] },
    ...{ cut: false, ...rest },
  };
}

/** `path from/below,below`, whiteouts with a `!`. */
function rows(...layers: Parameters<typeof mergeLayers>[0]): string[] {
  return mergeLayers(layers).map(
    ({ path, from, below, whiteout }) => `${path}${whiteout ? "!" : ""} ${from}/${below.join()}`,
  );
}

describe("the merged view", () => {
  const base = layer([directory("d"), file("d/a"), file("d/b"), directory("e"), file("e/x")]);

  test("files hide, directories merge", () => {
    const upper = layer([directory("d"), file("d/a"), file("d/c")]);
    expect(rows(upper, base)).toEqual(["d 0/1", "d/a 0/1", "d/b 1/", "d/c 0/", "e 1/", "e/x 1/"]);
  });

  test("a whiteout, an opaque directory and a file hide all that is below", () => {
    const upper = layer([directory("d"), file("e")], { opaque: ["d"] });
    expect(rows(upper, base)).toEqual(["d 0/1", "e 0/1"]);
    const white = layer([file("d")], { whiteouts: ["d"] });
    expect(rows(white, base)).toEqual(["d! 0/1", "e 1/", "e/x 1/"]);
  });

  test("a middle layer hides from the lowest, not from the top", () => {
    const top = layer([directory("d"), file("d/t")]);
    const middle = layer([directory("d"), file("d/m")], { opaque: ["d"] });
    expect(rows(top, middle, base)).toEqual(["d 0/1,2", "d/m 1/", "d/t 0/", "e 2/", "e/x 2/"]);
    const file0 = layer([file("d")]);
    expect(rows(top, file0, base)).toEqual(["d 0/1,2", "d/t 0/", "e 2/", "e/x 2/"]);
  });

  test("a layer that could not be read says nothing; names are in order however they came", () => {
    expect(rows(null, base)).toEqual(["d 1/", "d/a 1/", "d/b 1/", "e 1/", "e/x 1/"]);
    expect(rows(layer([file("b"), file("a"), file("a/x")]))).toEqual(["a 0/", "b 0/"]);
    expect(rows()).toEqual([]);
  });
});

describe("what a step has changed in layers", () => {
  const known = (contents: Omit<LayerContents, "t">) => new Map([["/l", contents]]);
  const texts = (was: Omit<LayerContents, "t">, is: Omit<LayerContents, "t">): string[] =>
    layerChanges(known(was), known(is)).map(changeText);

  test("is each name that is new, gone or different", () => {
    const was = layer([directory("d"), file("a"), file("b"), directory("o")]);
    const is = layer([directory("d"), { ...file("a"), size: 2 }, file("w"), directory("o")], {
      ...{ whiteouts: ["w"], opaque: ["o"] },
    });
    expect(texts(was, is)).toEqual([
      "~ file a in layer /l: 0644 1 bytes \u2192 0644 2 bytes",
      "- file b in layer /l",
      "~ opaque directory o in layer /l: directory 0755 \u2192 opaque directory 0755",
      "+ whiteout w in layer /l",
    ]);
  });

  test("is nothing in a layer that was not known before, or reads the same", () => {
    const one = layer([file("a")]);
    expect(layerChanges(new Map(), known(one))).toEqual([]);
    expect(texts(one, one)).toEqual([]);
  });
});

test("a layer's event has its shape, is kept by path, and is one line", () => {
  const event = { ...layer([file("w"), file("a")], { whiteouts: ["w"], opaque: ["o"] }), t: 5 };
  expect(hasEventShape(event)).toBe(true);
  expect(hasEventShape({ ...event, whiteouts: undefined } as never)).toBe(false);
  expect(hasEventShape({ ...event, entries: [{ path: 1 }] } as never)).toBe(false);
  const later = { ...event, t: 9 };
  expect(foldWorld([event, later]).layers.get("/l")).toEqual([event, later]);
  expect(layerText(event)).toBe("layer /l: 2 names, whiteout w, opaque o");
  expect(layerText({ ...event, exists: false })).toBe("layer /l is gone");
});
