import { readdirSync, readFileSync } from "node:fs";
import { printValue, type TraceEvent } from "../../src/strace-parser/src/index.ts";

/** One `##` of a document: a trace and the events it must give, one JSON object a line. */
export interface Case {
  readonly title: string;
  readonly input: string;
  readonly events: readonly string[];
}

const folder = new URL("./cases/", import.meta.url);
const caseForm = /^## (.+?)\n.*?^```strace\n(.*?)^```\n```events\n(.*?)^```$/gms;

export const documents: readonly string[] = readdirSync(folder).filter((n) => n.endsWith(".md"));

/** The cases of a document. Throws when it holds none, or a heading without both fences. */
export function readCases(document: string): Case[] {
  const text = readFileSync(new URL(document, folder), "utf8");
  const cases = [...text.matchAll(caseForm)].map(([, title = "", input = "", events = ""]) => ({
    title,
    input,
    events: events.split("\n").filter((line) => line !== ""),
  }));
  const headings = text.match(/^## /gm)?.length ?? 0;
  if (cases.length === 0) throw new Error(`${document}: no cases`);
  if (cases.length !== headings) throw new Error(`${document}: a heading without its two fences`);
  return cases;
}

/** An event as the documents write it: no null or default fields, values as text, line numbers. */
export function describeEvent(event: TraceEvent): string {
  const { type, lines, ...fields } = JSON.parse(JSON.stringify(event));
  const { pid, comm, context, time, micros, relative, sysno, ip, ...rest } = fields;
  const stamp = { type, pid, comm, context, time, micros, relative, sysno, ip };
  const info = event.type === "signal" && event.info !== null && printValue(event.info);
  const own = { ...stamp, ...rest, ...(info && { info }), lines };
  const told = Object.entries(own).filter(
    ([key, value]) => value !== null && !isDefault(key, value),
  );
  return JSON.stringify(Object.fromEntries(told));
}

function isDefault(key: string, value: unknown): boolean {
  return value === "" || (key === "named" && value === true) || (key === "digits" && value === 5);
}
