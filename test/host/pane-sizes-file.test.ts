import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepPaneSizes, readPaneSizes } from "../../src/host/pane-sizes-file.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tsi-sizes-"));
  vi.stubEnv("XDG_STATE_HOME", home);
  vi.stubEnv("SUDO_UID", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

test("sizes are found again, and nothing else is left beside them", () => {
  expect(readPaneSizes()).toEqual({});
  keepPaneSizes({ events: 2, lesson: -1 });
  expect(readPaneSizes()).toEqual({ events: 2, lesson: -1 });
  expect(readdirSync(join(home, "tsinternals"))).toEqual(["panes.json"]);
});

test("what cannot be understood is the usual size", () => {
  keepPaneSizes({});
  const file = join(home, "tsinternals", "panes.json");
  writeFileSync(file, '{"events": null, "output": "big", "nothing": 1, "flow": 1.5, "spec": 3}');
  expect(readPaneSizes()).toEqual({ spec: 3 });
  for (const text of ["", "null", "[1]", "{"]) {
    writeFileSync(file, text);
    expect(readPaneSizes()).toEqual({});
  }
});

test("where nothing can be kept the session is not disturbed", () => {
  writeFileSync(join(home, "tsinternals"), "a file, no folder");
  expect(() => keepPaneSizes({ events: 1 })).not.toThrow();
  expect(readPaneSizes()).toEqual({});
});
