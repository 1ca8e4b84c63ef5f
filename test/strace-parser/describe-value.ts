import { childrenOf, type Value } from "../../src/strace-parser/src/index.ts";

/** A value as the documents write it: `(kind what children…)`, leaves by their spelling alone. */
export function describeValue(value: Value): string {
  const children = childrenOf(value).map(describeValue);
  const parts = [value.kind, ...detailsOf(value), ...children];
  return children.length === 0 && parts.length === 2 ? parts.join(":") : `(${parts.join(" ")})`;
}

function detailsOf(value: Value): string[] {
  switch (value.kind) {
    case "word":
      return [value.form, value.text];
    case "number":
    case "placeholder":
    case "char":
    case "opaque":
      return [value.text === "" ? "nothing" : value.text];
    case "symbol":
    case "named":
    case "call":
      return [value.name];
    case "string":
      return [
        `${value.abstract ? "@" : ""}${JSON.stringify(value.text)}${value.truncated ? "…" : ""}`,
      ];
    case "linked":
      return [
        `<${value.link}>`,
        ...(value.deleted ? ["deleted"] : []),
        ...(value.context === null ? [] : [value.context]),
      ];
    case "comment":
    case "commented":
      return [value.comment];
    case "arithmetic":
      return value.operators.map((operator) => operator.trim());
    case "labelled":
      return [JSON.stringify(value.label)];
    case "not":
      return [value.operator];
    case "set":
      return value.negated ? ["not"] : [];
    case "intruded":
      return [JSON.stringify(value.foreign)];
    default:
      return [];
  }
}
