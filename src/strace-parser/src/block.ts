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
  private decoded: string | null = null;

  private readonly ascii: boolean;

  /** `ascii`: it is known that there are no bytes above 127. */
  constructor(bytes: Uint8Array, ascii = false) {
    this.bytes = bytes;
    this.ascii = ascii;
  }

  get text(): string {
    this.decoded ??= this.ascii ? fromAscii(this.bytes) : toLatin1(this.bytes);
    return this.decoded;
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
