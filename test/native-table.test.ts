import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const native = join(import.meta.dirname, "../native");
const readme = readFileSync(join(native, "README.md"), "utf8");
const sources = readdirSync(native).filter((name) => name.endsWith(".c"));
const text = sources.map((name) => readFileSync(join(native, name), "utf8")).join("\n");

/** The rows below the table's head, as cells. */
function table(head: string): string[][] {
  const lines = readme.slice(readme.indexOf(head)).split("\n").slice(2);
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(0, end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const words = (cell: string): string[] =>
  [...cell.matchAll(/`([a-z.]+)`/g)].map((match) => match[1] as string);

test("README and operations.c list the same operations, each with the reason why it is safe", () => {
  const rows = table("| op |");
  const listed = readFileSync(join(native, "operations.c"), "utf8");
  const entries = [...listed.matchAll(/^\t\{ "([a-z]+)", \w+, (?:true|false),\s+"([^"]+)" \},$/gm)];
  expect(entries.map((entry) => entry[1]).sort()).toEqual(
    rows.flatMap((row) => words(String(row[0]))).sort(),
  );
  expect(entries.length).toBeGreaterThan(4);
  for (const row of rows) expect(String(row[3]).length).toBeGreaterThan(10);
  // One table: no other place compares with a request's op.
  expect(text.match(/json_text\(request, "op"\)/g)).toHaveLength(1);
});

/* Kinds that are words of the protocol itself, described outside the table. */
const PROTOCOL = ["hello", "ok", "error", "removed"];

test("README lists every kind of event that the C can say, and no other", () => {
  const kinds = table("| kind |").flatMap((row) => words(String(row[0])));
  const said = [...text.matchAll(/line_begin(?:_at)?\("([a-z.]+)"/g)].map((match) => match[1]);
  // Where the kind is looked up in a table of the C, it stands there as "thing.word".
  const looked = [...text.matchAll(/"([a-z]+\.(?:add|remove|count|stage|stopped|failed))"/g)].map(
    (match) => match[1],
  );
  // facts.c has words for kinds of facts that nothing finds yet.
  const facts = [...text.matchAll(/"([a-z]+)\.add", "[a-z]+\.remove"/g)].map((match) => match[1]);
  const begun = [...text.matchAll(/fact_begin\([^,]+, FACT_([A-Z]+)\)/g)].map((match) =>
    String(match[1]).toLowerCase(),
  );
  const isSayable = (kind: string): boolean => {
    const thing = String(kind.split(".")[0]);
    return !facts.includes(thing) || begun.includes(thing);
  };
  const all = [...new Set([...said, ...looked].map(String))].filter(
    (kind) => !PROTOCOL.includes(kind) && isSayable(kind),
  );
  expect(all.sort()).toEqual([...new Set(kinds)].sort());
  expect(text.match(/line_begin(_at)?\([a-z]/g)?.length).toBeLessThanOrEqual(6);
});
