import { fromAscii, toLatin1 } from "./latin1.ts";

const none = new Int32Array(0);

/**
 * A piece of the input that ends with a line, and the spans found in it.
 *
 * Scanning reads `bytes`; `text` is the same, decoded once and only if somebody asks, so that a
 * field is a slice of it. Events keep the block they were read from alive.
 */
export class Block {
  readonly bytes: Uint8Array;
  /** Calls' records, one after another (see `record.ts`). */
  marks: Int32Array = none;
  used = 0;
  private readonly ascii: boolean;
  private readonly length: number;
  private decoded: string | null = null;

  /** `length` bytes are the piece. `ascii`: it is known that none of them is above 127. */
  constructor(bytes: Uint8Array, length = bytes.length, ascii = false) {
    this.bytes = bytes;
    this.length = length;
    this.ascii = ascii;
  }

  get text(): string {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  private decode(): string {
    const { bytes, length, ascii } = this;
    const piece = length === bytes.length ? bytes : bytes.subarray(0, length);
    return ascii ? fromAscii(piece) : toLatin1(piece);
  }

  /** Appends `count` zeros to the marks and returns where they start. */
  reserve(count: number): number {
    const at = this.used;
    this.used += count;
    if (this.used > this.marks.length) this.grow();
    return at;
  }

  mark(offset: number): void {
    if (this.used === this.marks.length) this.grow();
    this.marks[this.used++] = offset;
  }

  private grow(): void {
    const marks = new Int32Array(Math.max(this.used, this.marks.length, 64) * 2);
    marks.set(this.marks);
    this.marks = marks;
  }
}
