import { type Document, isMap, LineCounter, type Node, parseDocument } from "yaml";
import { LessonError } from "./lesson-error.ts";

/** YAML inside a lesson, and where in the file each part of it stands. */
export interface YamlText {
  readonly document: Document;
  /** Line and column in the file, from 1. */
  place(node: Node | null, field?: string): { line: number; column: number };
  /**
   * Says what is wrong, at the node's place or, with a name, at its field of that name.
   *
   * @throws LessonError always
   */
  fail(what: string, node?: Node | null, field?: string): never;
}

/** Says what is wrong with a map, at one of its fields if that is there, and throws. */
export type Fail = (what: string, field?: string) => never;
export type Fields = Readonly<Record<string, unknown>>;

/** @param firstLine the line of the file on which the text begins, from 1 */
export function readYaml(text: string, file: string, firstLine: number): YamlText {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const problem = document.errors[0];
  if (problem !== undefined) {
    const at = problem.linePos?.[0] ?? { line: 1, col: 1 };
    const what = problem.message.split(/\n| at line /)[0] ?? "bad YAML";
    throw new LessonError(file, firstLine + at.line - 1, at.col, what);
  }
  const place: YamlText["place"] = (node, field) => {
    // Of an empty text it says line 0.
    const { line, col } = lineCounter.linePos(offsetOf(node, field));
    return { line: firstLine + Math.max(1, line) - 1, column: Math.max(1, col) };
  };
  return {
    document,
    place,
    fail(what, node, field) {
      const { line, column } = place(node ?? null, field);
      throw new LessonError(file, line, column, what);
    },
  };
}

function offsetOf(node: Node | null, field: string | undefined): number {
  const pair = isMap(node) ? node.items.find(({ key }) => `${key}` === field) : undefined;
  const found = pair === undefined ? node : (pair.key as Node);
  return found?.range?.[0] ?? 0;
}

/** The fields of a map, and how to complain about one; what is not a map fails with `wanted`. */
export function fieldsOf(
  yaml: Pick<YamlText, "document" | "fail">,
  node: unknown,
  wanted: string,
): { fields: Fields; fail: Fail } {
  if (!isMap(node)) return yaml.fail(wanted, node as Node | null);
  const fields = node.toJS(yaml.document) as Fields;
  return { fields, fail: (what, field) => yaml.fail(what, node, field) };
}
