import type { Bundle, World } from "../../../timeline/world.ts";

/** One thing that a config.json asks for, and what the kernel shows of it. */
export interface SpecField {
  /** As in config.json, below its section: `capabilities.bounding`. */
  readonly name: string;
  readonly wanted: string;
  readonly seen: string;
  readonly mark: Mark;
}

/** `unseen`: nothing that we can look at shows it. */
export type Mark = "same" | "differs" | "unseen";

/** A heading of config.json with its fields. */
export interface SpecSection {
  readonly name: string;
  readonly fields: readonly SpecField[];
}

/** What the fields are worked out from: the parsed config.json, and all that was observed. */
export interface Subject {
  readonly config: unknown;
  readonly bundle: Bundle;
  readonly world: World;
}

export function field(name: string, wanted: string, seen: string, same: boolean): SpecField {
  return { name, wanted, seen, mark: same ? "same" : "differs" };
}

export function unseen(name: string, wanted: string, why: string): SpecField {
  return { name, wanted, seen: why, mark: "unseen" };
}

/** A member of nested JSON objects; undefined where there is none. */
export function member(json: unknown, ...path: readonly string[]): unknown {
  let value = json;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

export function list(json: unknown, ...path: readonly string[]): readonly unknown[] {
  const value = member(json, ...path);
  return Array.isArray(value) ? value : [];
}

export function texts(json: unknown, ...path: readonly string[]): readonly string[] {
  return list(json, ...path).filter((item) => typeof item === "string");
}

export function text(json: unknown, ...path: readonly string[]): string {
  const value = member(json, ...path);
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? `${value}` : "";
}
