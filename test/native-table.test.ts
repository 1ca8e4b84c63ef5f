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
  for (const row of rows) expect(String(row[3])).toMatch(/\w+ \w+/);
  // One table: no other place compares with a request's op.
  expect(text.match(/json_text\(request, "op"\)/g)).toHaveLength(1);
});

/* Kinds that are words of the protocol itself, described outside the table. */
const PROTOCOL = ["hello", "ok", "error", "removed"];

test("README lists every kind of event that the C can say, and no other", () => {
  const kinds = table("| kind |").flatMap((row) => words(String(row[0])));
  expect(kinds.length).toBeGreaterThan(20);
  expect(kinds.filter((kind) => !text.includes(`"${kind}"`))).toEqual([]);
  const said = [...text.matchAll(/(?:line_begin(?:_at)?|group_line)\("([a-z.]+)"/g)];
  // Kinds of facts (facts.c) are said once something begins such a fact.
  const facts = [...text.matchAll(/"([a-z]+)\.add", "[a-z]+\.remove"/g)].map((match) => match[1]);
  const begun = [...text.matchAll(/fact_begin\([^,]+, FACT_([A-Z]+)\)/g)].map((match) =>
    String(match[1]).toLowerCase(),
  );
  const silent = facts.filter((fact) => !begun.includes(String(fact)));
  const all = [
    ...said.map((match) => String(match[1])),
    ...facts.flatMap((fact) => [`${fact}.add`, `${fact}.remove`]),
  ].filter((kind) => !PROTOCOL.includes(kind) && !silent.includes(kind.split(".")[0]));
  expect(all.filter((kind) => !kinds.includes(kind))).toEqual([]);
  expect(all.length).toBeGreaterThan(20);
});
