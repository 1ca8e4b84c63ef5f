/**
 * As much of HPACK (RFC 7541) as it takes to read `:path` in a client's header blocks: which method
 * of gRPC is called. Values are Huffman coded; the characters of paths have the shortest codes, and
 * a value with any other is not read.
 */
export interface PathReader {
  /** The path in one whole header block (one character a byte); null: it cannot be read. */
  read(block: string): string | null;
}

/** Appendix A: `:path` is the name of these two; values `/` and `/index.html`. */
const PATHS: Readonly<Record<number, string>> = { 4: "/", 5: "/index.html" };
const STATIC_ENTRIES = 61;

export function createPathReader(): PathReader {
  /** The newest first; null is a field that is not `:path`, or could not be read. */
  const dynamic: (string | null)[] = [];
  /** What was missed would have moved all numbers. */
  let lost = false;
  return {
    read(block) {
      if (lost) return null;
      const bytes = createBytes(block);
      let path: string | null = null;
      while (!bytes.atEnd()) {
        const field = readField(bytes, dynamic);
        if (field === null) {
          lost = true;
          return null;
        }
        if (field.isPath) path = field.value;
        if (field.isAdded) dynamic.unshift(field.isPath ? field.value : null);
      }
      return path;
    },
  };
}

interface Field {
  readonly isPath: boolean;
  readonly value: string | null;
  readonly isAdded: boolean;
}

const NOTHING: Field = { isPath: false, value: null, isAdded: false };

/** One representation (6.1 to 6.3); null: it goes on behind the block's end. */
function readField(bytes: Bytes, dynamic: readonly (string | null)[]): Field | null {
  const first = bytes.peek();
  if (first >= 0x80) {
    const index = bytes.integer(7);
    if (index === null) return null;
    const value = index > STATIC_ENTRIES ? dynamic[index - STATIC_ENTRIES - 1] : PATHS[index];
    return { isPath: typeof value === "string", value: value ?? null, isAdded: false };
  }
  // A change of the table's size: what it evicts is older than anything that is asked for here.
  if (first >= 0x20 && first < 0x40) return bytes.integer(5) === null ? null : NOTHING;
  const isAdded = first >= 0x40;
  const name = bytes.integer(isAdded ? 6 : 4);
  if (name === null || (name === 0 && bytes.text() === undefined)) return null;
  const value = bytes.text();
  if (value === undefined) return null;
  const isPath = name in PATHS || typeof dynamic[name - STATIC_ENTRIES - 1] === "string";
  return { isPath, value, isAdded };
}

interface Bytes {
  atEnd(): boolean;
  peek(): number;
  /** 5.1, in the low `bits` of the next byte and those behind it; null: not all of it is there. */
  integer(bits: number): number | null;
  /** 5.2; null: it has characters that are not read. undefined: not all of it is there. */
  text(): string | null | undefined;
}

function createBytes(block: string): Bytes {
  let at = 0;
  const integer = (bits: number): number | null => {
    const most = 2 ** bits - 1;
    let value = block.charCodeAt(at++) & most;
    for (let shift = 0; value >= most && shift < 28; shift += 7) {
      if (at >= block.length) return null;
      const byte = block.charCodeAt(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return at > block.length ? null : value;
  };
  return {
    atEnd: () => at >= block.length,
    peek: () => block.charCodeAt(at),
    integer,
    text() {
      const isCoded = block.charCodeAt(at) >= 0x80;
      const length = integer(7);
      if (length === null || at + length > block.length) return undefined;
      const coded = block.slice(at, at + length);
      at += length;
      return isCoded ? decodeHuffman(coded) : coded;
    },
  };
}

/** Appendix B is a canonical code: of one length, the codes count up in the order of the bytes. */
const CHARACTERS: readonly (readonly [bits: number, first: number, characters: string])[] = [
  [5, 0b00000, "012aceiost"],
  [6, 0b010100, " %-./3456789=A_bdfghlmnpru"],
  [7, 0b1011100, ":BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz"],
  [8, 0b11111000, "&*,;XZ"],
];

const CODES = new Map(
  CHARACTERS.flatMap(([bits, first, characters]) =>
    [...characters].map((character, index) => [
      (first + index).toString(2).padStart(bits, "0"),
      character,
    ]),
  ),
);

export function decodeHuffman(coded: string): string | null {
  let text = "";
  let code = "";
  for (const byte of coded) {
    for (const bit of byte.charCodeAt(0).toString(2).padStart(8, "0")) {
      code += bit;
      const character = CODES.get(code);
      if (character === undefined) continue;
      text += character;
      code = "";
    }
    if (code.length > 8) return null;
  }
  // What fills the last byte are ones.
  return code.includes("0") ? null : text;
}
