import type { Value } from "./value.ts";

/** A value as strace spelled it. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case "number":
    case "placeholder":
    case "word":
    case "char":
    case "opaque":
      return value.text;
    case "symbol":
      return value.name;
    case "string":
      return `${value.abstract ? "@" : ""}"${value.escaped}"${value.truncated ? "..." : ""}`;
    case "struct":
      return `{${printList(value.members, ", ")}${value.end}`;
    case "array":
      return `[${printList(value.items, ", ")}${value.end}`;
    case "set":
      return `${value.negated ? "~[" : "["}${printList(value.items, " ")}${value.end}`;
    case "call":
      return `${value.name}(${printList(value.args, ", ")}${value.end}`;
    case "named":
      return `${value.name}=${printValue(value.value)}`;
    case "indexed":
      return `${printValue(value.index)}=${printValue(value.value)}`;
    case "flags":
      return printList(value.items, "|");
    case "alternatives":
      return printList(value.items, " or ");
    default:
      return printRare(value);
  }
}

function printRare(value: Value): string {
  switch (value.kind) {
    case "labelled":
      return `${value.label} ${printValue(value.value)}`;
    case "not":
      return value.operator + printValue(value.value);
    case "group":
      return `(${printValue(value.value)})`;
    case "linked": {
      const context = value.context === null ? "" : ` [${value.context}]`;
      const deleted = value.deleted ? "(deleted)" : "";
      return `${printValue(value.value)}<${value.link}>${deleted}${context}`;
    }
    case "commented":
      if (value.place === "before") return `${value.comment} ${printValue(value.value)}`;
      return `${printValue(value.value)}${value.place === "behind" ? " " : ""}${value.comment}`;
    case "comment":
      return value.comment;
    case "change":
      return printValue(value.before) + value.arrow + printValue(value.after);
    case "intruded":
      return printValue(value.value) + value.foreign;
    case "arithmetic":
      return value.operands
        .map((operand, i) => printValue(operand) + (value.operators[i] ?? ""))
        .join("");
    default:
      return "";
  }
}

function printList(values: readonly Value[], separator: string): string {
  let text = "";
  for (let i = 0; i < values.length; i++) {
    if (i > 0) text += separator;
    text += printValue(values[i] as Value);
  }
  return text;
}
