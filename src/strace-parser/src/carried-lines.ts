/**
 * The lines of cut calls whose second half was not in their piece: the next piece gets them once
 * more, in front. In order, and with the numbers they have in the input.
 */
export class CarriedLines {
  numbers: readonly number[] = [];
  private bytes = new Uint8Array(0);
  private length = 0;

  /** Forgets what it had and takes the lines of `source` from `starts` to `stops`, line feeds too. */
  set(
    source: Uint8Array,
    numbers: readonly number[],
    starts: readonly number[],
    stops: readonly number[],
  ): void {
    this.numbers = numbers;
    let length = 0;
    for (let i = 0; i < starts.length; i++) {
      length += (stops[i] as number) - (starts[i] as number) + 1;
    }
    if (length > this.bytes.length) this.bytes = new Uint8Array(length * 2);
    // Byte by byte: a view of so few would cost more than the copy.
    const { bytes } = this;
    let at = 0;
    for (let i = 0; i < starts.length; i++) {
      const stop = stops[i] as number;
      for (let from = starts[i] as number; from <= stop; from++)
        bytes[at++] = source[from] as number;
    }
    this.length = at;
  }

  clear(): void {
    this.numbers = none;
    this.length = 0;
  }

  /** Writes them to the start of `target`; returns how many bytes that is. */
  writeTo(target: Uint8Array): number {
    const { bytes, length } = this;
    for (let at = 0; at < length; at++) target[at] = bytes[at] as number;
    return length;
  }

  /** A copy of each, without its line feed, for `take`. Forgets them. */
  drop(take: (line: Uint8Array, number: number) => void): void {
    const { numbers } = this;
    const bytes = this.bytes.slice(0, this.length);
    this.clear();
    let from = 0;
    for (const number of numbers) {
      const stop = bytes.indexOf(10, from);
      take(bytes.subarray(from, stop + 1), number);
      from = stop + 1;
    }
  }
}

const none: readonly number[] = [];
