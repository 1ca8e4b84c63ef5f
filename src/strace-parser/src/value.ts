import type {
  LinkedValue,
  NamedValue,
  NumberValue,
  StringValue,
  SymbolValue,
} from "./scalar-value.ts";

/**
 * What an argument, a result or a note says, as a tree told apart by `kind`. Every node holds what
 * `printValue` needs to spell it as strace did (strace 4.8 to 7.2; `print_fields.h`, `util.c`).
 */
export type Value =
  | NumberValue
  | SymbolValue
  | PlaceholderValue
  | WordValue
  | StringValue
  | CharValue
  | StructValue
  | ArrayValue
  | SetValue
  | FunctionValue
  | NamedValue
  | IndexedValue
  | LabelledValue
  | FlagsValue
  | ArithmeticValue
  | NotValue
  | GroupValue
  | LinkedValue
  | CommentedValue
  | CommentValue
  | ChangeValue
  | AlternativesValue
  | IntrudedValue
  | OpaqueValue;

/**
 * `NULL`; `...` (abbreviated, or more elements); `???` and `?` (strace could not tell);
 * `<... resuming interrupted read ...>`; empty where the decoder stopped early.
 */
export interface PlaceholderValue {
  readonly kind: "placeholder";
  readonly text: string;
}

/** A bare word that is neither number nor symbol. */
export interface WordValue {
  readonly kind: "word";
  readonly form: "uuid" | "mac" | "date" | "decimal" | "address" | "namespace";
  readonly text: string;
}

/** `'S'`, `'\xb5'`: quotes kept. */
export interface CharValue {
  readonly kind: "char";
  readonly text: string;
}

/** What follows the last item: the closing bracket, or what a line cut inside printed instead. */
export type End = "}" | "]" | ")" | ", " | "";

/** `{a=1, b=2, ...}`; before 4.15 members can be positional. */
export interface StructValue {
  readonly kind: "struct";
  readonly members: readonly Value[];
  readonly end: End;
}

/** `[1, 2, ...]`, also an out parameter's one value: `[4]`, `[16 => 0]`. */
export interface ArrayValue {
  readonly kind: "array";
  readonly items: readonly Value[];
  readonly end: End;
}

/** `[CHLD USR1]`, `[CHLD]`, `~[]`, `[3<pipe:[1]> 4]`. `[3]` of select(2) reads as an array. */
export interface SetValue {
  readonly kind: "set";
  readonly negated: boolean;
  readonly items: readonly Value[];
  readonly end: End;
}

/** `htons(80)`, `makedev(0x1, 0x3)`, `WIFEXITED(s)`. */
export interface FunctionValue {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Value[];
  readonly end: End;
}

/** `[0]=…`, `[SYM]=…` in an array. */
export interface IndexedValue {
  readonly kind: "indexed";
  readonly index: ArrayValue;
  readonly value: Value;
}

/** `left {…}`, `old mask []`, `INJECTED: args` in a note. */
export interface LabelledValue {
  readonly kind: "labelled";
  readonly label: string;
  readonly value: Value;
}

/** `O_RDWR|O_CREAT|0x80000000`. */
export interface FlagsValue {
  readonly kind: "flags";
  readonly items: readonly Value[];
}

/** `1<<CAP_CHOWN`, `8192*1024`, `A+0x15`, `WIFEXITED(s) && WEXITSTATUS(s) == 0`: left to right. */
export interface ArithmeticValue {
  readonly kind: "arithmetic";
  readonly operands: readonly Value[];
  /** As printed, with their spaces; one fewer than `operands`. */
  readonly operators: readonly string[];
}

/** `(INET_DIAG_CONG-1)` in `1<<(INET_DIAG_CONG-1)`. */
export interface GroupValue {
  readonly kind: "group";
  readonly value: Value;
}

/** `!PR_TAGGED_ADDR_ENABLE`, `~0`, `-ENOENT`. */
export interface NotValue {
  readonly kind: "not";
  readonly operator: "!" | "~" | "-";
  readonly value: Value;
}

/** A value and the comment that belongs to it. */
export interface CommentedValue {
  readonly kind: "commented";
  readonly value: Value;
  /** As printed, from `/*` on. */
  readonly comment: string;
  /** Where it stands: ` /* x *\/`, glued to the value, or before it. */
  readonly place: "behind" | "glued" | "before";
}

/** A comment in place of a value: `[/* 20 vars *\/]`. */
export interface CommentValue {
  readonly kind: "comment";
  readonly comment: string;
}

/** What the kernel was given and what it gave back: `{size=1} => {size=56}`. */
export interface ChangeValue {
  readonly kind: "change";
  readonly before: Value;
  readonly after: Value;
  /** ` => `, `=>`, `->`. A lone arrow behind a cut has an empty `before`. */
  readonly arrow: string;
}

/** One number with several names: `FIFREEZE or …`. */
export interface AlternativesValue {
  readonly kind: "alternatives";
  readonly items: readonly Value[];
}

/** The tracee wrote to the terminal strace was writing to, in the middle of this value. */
export interface IntrudedValue {
  readonly kind: "intruded";
  readonly value: Value;
  readonly foreign: string;
}

/** What this version cannot type, as printed. */
export interface OpaqueValue {
  readonly kind: "opaque";
  readonly text: string;
}

/** The nodes directly below one. */
export function childrenOf(value: Value): readonly Value[] {
  switch (value.kind) {
    case "struct":
      return value.members;
    case "array":
    case "set":
    case "flags":
    case "alternatives":
      return value.items;
    case "call":
      return value.args;
    case "arithmetic":
      return value.operands;
    case "indexed":
      return [value.index, value.value];
    case "change":
      return [value.before, value.after];
    case "named":
    case "labelled":
    case "not":
    case "group":
    case "linked":
    case "commented":
    case "intruded":
      return [value.value];
    default:
      return [];
  }
}

/** Visits a value and everything below it, parents first. */
export function walk(value: Value, visit: (node: Value) => void): void {
  visit(value);
  switch (value.kind) {
    case "number":
    case "symbol":
    case "string":
      return;
    case "named":
    case "linked":
    case "commented":
      walk(value.value, visit);
      return;
    default:
      for (const child of childrenOf(value)) walk(child, visit);
  }
}
