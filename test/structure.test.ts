import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { VERSION } from "../src/version.ts";

const root = resolve(import.meta.dirname, "..");
const src = join(root, "src");

/** Who may import whom: src/README.md, executed. `strace-parser` is a package, not a folder here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "strace-parser": [],
  timeline: [],
  lesson: ["timeline"],
  workbench: ["timeline", "lesson", "drivers"],
  host: ["timeline", "lesson"],
  sources: ["timeline"],
  drivers: ["timeline", "lesson", "sources"],
  ui: ["workbench", "timeline", "lesson", "drivers"],
  dashboard: ["timeline"],
  commands: ["timeline", "lesson", "workbench", "host", "sources", "drivers", "ui", "dashboard"],
};
/** Files directly in src/ that everybody but the parser may import. */
const COMMON = ["alternate-screen.ts", "user-error.ts", "version.ts"];
/** Packages that only these folders may use; node: and others below follow the same idea. */
const PURE = ["timeline", "lesson", "workbench"];
const EFFECTS = /^(node:|execa$|chokidar$)/;

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("/dist/") && !file.includes("/node_modules/"));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const pattern =
    /^(?:import|export)\s+(type\s)?[^;"']*?from\s+["']([^"']+)["']|import\(["']([^"']+)["']\)|^import\s+["']([^"']+)["']/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    target: (match[2] ?? match[3] ?? match[4]) as string,
    typeOnly: match[1] !== undefined,
  }));
}

function folderOf(file: string): string {
  return relative(src, file).split("/")[0] as string;
}

/** The helper's C, without what its build makes. */
const native = readdirSync(join(root, "native"))
  .filter((name) => /\.[ch]$/.test(name))
  .map((name) => join(root, "native", name));
const files = sourceFiles(src);
const imports = files.flatMap(importsOf);
const local = imports
  .filter(({ target }) => target.startsWith("."))
  .map((each) => ({ ...each, to: resolve(dirname(each.from), each.target) }));

describe("the structure", () => {
  test("there is something to look at", () => {
    expect(files.length).toBeGreaterThan(40);
    expect(local.length).toBeGreaterThan(80);
  });

  test("every folder has its rule", () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  test("imports go one way", () => {
    const wrong = local.filter(({ from, to }) => {
      const [here, there] = [folderOf(from), folderOf(to)];
      if (here === there || here === "cli.ts") return false;
      if (COMMON.includes(there)) return here === "strace-parser";
      return !MAY_IMPORT[here]?.includes(there);
    });
    expect(wrong.map(({ from, target }) => `${relative(root, from)} → ${target}`)).toEqual([]);
  });

  test("only cli.ts imports commands, and the screen knows drivers by type alone", () => {
    const wrong = local.filter(({ from, to, typeOnly }) => {
      if (folderOf(to) === "commands") return !["commands", "cli.ts"].includes(folderOf(from));
      return (
        ["ui", "workbench"].includes(folderOf(from)) && folderOf(to) === "drivers" && !typeOnly
      );
    });
    expect(wrong.map(({ from, target }) => `${relative(root, from)} → ${target}`)).toEqual([]);
  });

  test("pure folders and the screen cause nothing", () => {
    const wrong = imports.filter(
      ({ from, target }) => [...PURE, "ui"].includes(folderOf(from)) && EFFECTS.test(target),
    );
    expect(wrong.map(({ from, target }) => `${relative(root, from)} → ${target}`)).toEqual([]);
  });

  test("strace-parser stands alone", () => {
    const inside = imports.filter(({ from }) => folderOf(from) === "strace-parser");
    expect(inside.length).toBeGreaterThan(0);
    const parser = join(src, "strace-parser/");
    const outside = inside.filter(
      ({ from, target }) =>
        !target.startsWith(".") || !resolve(dirname(from), target).startsWith(parser),
    );
    expect(outside.map(({ target }) => target)).toEqual([]);
  });

  test("there are no cycles", () => {
    expect(findCycle()).toBeNull();
  });

  test("files stay small", () => {
    expect(native.length).toBeGreaterThan(100);
    const long = [...files, ...native]
      .map((file) => ({
        file: relative(root, file),
        lines: readFileSync(file, "utf8").split("\n").length,
      }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  test("the helper's README names each of its files", () => {
    const readme = readFileSync(join(root, "native/README.md"), "utf8");
    const table = readme.slice(readme.indexOf("## Files"));
    const named = [...table.matchAll(/`([\w-]+)(\*?)\.c`/g)].map(([, name, star]) =>
      star === "" ? new RegExp(`^${name}\\.c$`) : new RegExp(`^${name}.*\\.c$`),
    );
    const sources = native.map((file) => basename(file)).filter((name) => name.endsWith(".c"));
    const unnamed = sources.filter((name) => !named.some((pattern) => pattern.test(name)));
    const absent = named.filter((pattern) => !sources.some((name) => pattern.test(name)));
    expect({ unnamed, absent }).toEqual({ unnamed: [], absent: [] });
  });

  test("the version is one", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      version: string;
    };
    expect(VERSION).toBe(version);
  });
});

function findCycle(): string[] | null {
  const graph = new Map<string, string[]>();
  for (const { from, to, typeOnly } of local)
    if (!typeOnly && existsSync(to)) graph.set(from, [...(graph.get(from) ?? []), to]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle !== null) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle !== null) return cycle.map((each) => relative(root, each));
  }
  return null;
}
