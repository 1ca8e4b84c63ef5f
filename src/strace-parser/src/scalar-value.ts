import { unescapeBytes } from "./decode-string.ts";
import { toUtf8 } from "./latin1.ts";
import type { Source } from "./source.ts";
import type { Value } from "./value.ts";

// The nodes of which a trace is full. They know where they stand and cut their text out of there
// when they are asked; until then they are offsets. Each keeps its piece of the trace alive.

/** `12`, `-1`, `0x1f4`, `0644`, `00000000` (eight hexadecimal digits of nl_groups count as decimal). */
export class NumberValue {
  readonly kind = "number";
  private readonly source: Source;
  private readonly from: number;
  private readonly to: number;

  /** @internal */
  constructor(source: Source, from: number, to: number) {
    this.source = source;
    this.from = from;
    this.to = to;
  }

  /** As printed. */
  get text(): string {
    return this.source.text.slice(this.from, this.to);
  }

  /** A bigint where a double would round. `0…` is octal, as strace prints modes. */
  get value(): number | bigint {
    const { text } = this;
    const octal = /^0[0-7]+$/.test(text);
    const exact = BigInt(octal ? `0o${text.slice(1)}` : text.replace("-", ""));
    const value = text.startsWith("-") ? -exact : exact;
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  toJSON(): object {
    return { kind: this.kind, text: this.text };
  }
}

/** `O_RDONLY`, `SIGCHLD`, `RTM_???`, `&sin6_addr`. */
export class SymbolValue {
  readonly kind = "symbol";
  private readonly source: Source;
  private readonly from: number;
  private readonly to: number;

  /** @internal */
  constructor(source: Source, from: number, to: number) {
    this.source = source;
    this.from = from;
    this.to = to;
  }

  get name(): string {
    return this.source.text.slice(this.from, this.to);
  }

  toJSON(): object {
    return { kind: this.kind, name: this.name };
  }
}

/** `"a\n\303\251"...`. */
export class StringValue {
  readonly kind = "string";
  private readonly source: Source;
  private readonly from: number;
  private readonly to: number;
  /** strace cut it off (`"…"...`, option -s). */
  readonly truncated: boolean;
  /** `@"…"`: an abstract socket (unix(7)); `bytes` do not hold its leading NUL. */
  readonly abstract: boolean;

  /** @internal */
  constructor(source: Source, from: number, to: number, truncated: boolean, abstract: boolean) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.truncated = truncated;
    this.abstract = abstract;
  }

  /** Between the quotes, still escaped. */
  get escaped(): string {
    return this.source.text.slice(this.from, this.to);
  }

  get bytes(): Uint8Array {
    return unescapeBytes(this.escaped);
  }

  /** `bytes` read as UTF-8; a byte that is not becomes U+FFFD. */
  get text(): string {
    return this.escaped.includes("\\")
      ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.bytes)
      : toUtf8(this.escaped);
  }

  toJSON(): object {
    const { kind, escaped, truncated, abstract } = this;
    return { kind, escaped, truncated, abstract };
  }
}

/** `3</path>(deleted)`, `4<TCP:[…]>`, `12<comm>`, `AT_FDCWD</cwd> [context]`: -y, -yy, -Y. */
export class LinkedValue {
  readonly kind = "linked";
  readonly value: Value;
  readonly deleted: boolean;
  /** --secontext, as printed. */
  readonly context: string | null;
  private readonly source: Source;
  private readonly from: number;
  private readonly to: number;

  /** @internal */
  constructor(
    value: Value,
    source: Source,
    from: number,
    to: number,
    deleted: boolean,
    context: string | null,
  ) {
    this.value = value;
    this.source = source;
    this.from = from;
    this.to = to;
    this.deleted = deleted;
    this.context = context;
  }

  /** Between `<` and `>`, as printed. */
  get link(): string {
    return this.source.text.slice(this.from, this.to);
  }

  toJSON(): object {
    const { kind, value, link, deleted, context } = this;
    return { kind, value, link, deleted, context };
  }
}

/** `tv_sec=1`, `fmt.pix={…}`, `eventfd-count=1`. */
export class NamedValue {
  readonly kind = "named";
  readonly value: Value;
  private readonly source: Source;
  private readonly from: number;
  private readonly to: number;

  /** @internal */
  constructor(source: Source, from: number, to: number, value: Value) {
    this.value = value;
    this.source = source;
    this.from = from;
    this.to = to;
  }

  get name(): string {
    return this.source.text.slice(this.from, this.to);
  }

  toJSON(): object {
    return { kind: this.kind, name: this.name, value: this.value };
  }
}
