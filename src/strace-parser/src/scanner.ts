import { bytes } from "./scanner-bytes.ts";

/** What `scan` says: see ../wasm/scan-lines.ts. */
export const DONE = 0;
export const FULL = 1;
export const LINE_ODD = 2;

/** What `begin` says: see ../wasm/find-tokens.ts. */
export const COLOURED = 1;
export const WIDE = 2;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: { readonly value: number };
  readonly piece: { readonly value: number };
  readonly records: { readonly value: number };
  readonly report: { readonly value: number };
  begin(length: number): number;
  scan(): number;
  flush(): number;
  own(pid: number, change: number): void;
}

/**
 * The scanner in WebAssembly (../wasm/), for one piece of whole lines at a time: `begin`, `scan`
 * until it is done, `flush`. It keeps nothing between two pieces, and its memory never grows.
 */
export class Scanner {
  /** Its memory, from the first byte of the input on. */
  readonly input: Uint8Array;
  /** Its memory as integers; the first record. */
  readonly ints: Int32Array;
  readonly records: number;
  readonly exports: Exports;
  private readonly report: number;

  constructor(exports: Exports) {
    const { buffer } = exports.memory;
    this.exports = exports;
    this.input = new Uint8Array(buffer, exports.input.value, exports.piece.value);
    this.ints = new Int32Array(buffer);
    this.records = exports.records.value >> 2;
    this.report = exports.report.value >> 2;
  }

  /** Where the records of the last `scan` end. */
  get recordsEnd(): number {
    return (this.ints[this.report] as number) >> 2;
  }

  /** Of the line that `scan` stopped at: start, line feed, and number in the piece from 0. */
  get lineStart(): number {
    return this.ints[this.report + 1] as number;
  }
  get lineFeed(): number {
    return this.ints[this.report + 2] as number;
  }
  get lineNumber(): number {
    return this.ints[this.report + 3] as number;
  }
}

// TypeScript's own library knows WebAssembly only as a part of the browser's.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

let module: object | null | undefined;
/** Those that no reader is using. Each piece takes one and gives it back. */
const idle: Scanner[] = [];

/** Null where there is no WebAssembly, or none with vectors: everything is then read in JavaScript. */
export function takeScanner(): Scanner | null {
  const known = idle.pop();
  if (known !== undefined) return known;
  if (module === undefined) module = compile();
  if (module === null) return null;
  return new Scanner(new WebAssembly.Instance(module).exports as Exports);
}

export function giveBack(scanner: Scanner): void {
  idle.push(scanner);
}

function compile(): object | null {
  try {
    return new WebAssembly.Module(bytes());
  } catch {
    return null;
  }
}
