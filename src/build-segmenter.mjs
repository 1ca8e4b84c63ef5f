// What src/build.mjs puts in the place of Intl.Segmenter. string-width makes one as soon as it is
// loaded, and the first one of a process reads Unicode's tables for 20 ms; most sessions have no
// text that needs them (src/ui/text.ts).
const { Intl: intl } = globalThis;

export class LazySegmenter {
  #given;
  #made;
  constructor(...given) {
    this.#given = given;
  }
  segment(text) {
    this.#made ??= new intl.Segmenter(...this.#given);
    return this.#made.segment(text);
  }
}
