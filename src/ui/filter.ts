/** One word of a filter. All words of it must hold. */
export interface Term {
  /** `!word`: what has it is left out. */
  readonly negated: boolean;
  /** `pid:12`; null: the word may stand anywhere in the line. */
  readonly field: "pid" | "errno" | "kind" | null;
  /** In small letters. */
  readonly value: string;
}

/** What is typed is never longer. */
export const LONGEST_FILTER = 200;

/** A filter as it was typed. No text is a mistake: what is no field is looked for as it stands. */
export function parseFilter(text: string): Term[] {
  const words = text.toLowerCase().split(/\s+/);
  return words.flatMap((word): Term[] => {
    const negated = word.length > 1 && word.startsWith("!");
    const plain = negated ? word.slice(1) : word;
    const [, name, value = ""] = /^(pid|errno|kind):(.*)$/.exec(plain) ?? [];
    if (name !== undefined) return [{ negated, field: name as "pid", value }];
    return plain === "" ? [] : [{ negated, field: null, value: plain }];
  });
}

/** Whether a line that is only text passes: a field's value must stand there as a word. */
export function passesText(terms: readonly Term[], text: string): boolean {
  const small = text.toLowerCase();
  return terms.every(({ negated, field, value }) => {
    const found = field === "pid" ? hasWord(small, value) : small.includes(value);
    return found !== negated;
  });
}

function hasWord(text: string, word: string): boolean {
  return text.split(/[^\w.]+/).includes(word);
}
