import { type Line, type Span, type StyleName, span } from "../../text.ts";

/**
 * Code as spans, a line each: comments, strings, variables and words of the language stand out from
 * `base`. An aid for the eye alone: nothing is said by colour that the text does not say.
 *
 * @param language of a fence; one that is not known is all `base`
 */
export function highlight(code: string, language: string, base: StyleName): Line[] {
  const rules = LANGUAGES[language];
  const lines: Span[][] = [[]];
  for (const { text, style } of rules === undefined ? [{ text: code }] : tokens(code, rules)) {
    text.split("\n").forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push(span(part, style ?? base));
    });
  }
  return lines;
}

/** The part of a line between two places, by UTF-16 units as String.slice counts them. */
export function sliceLine(line: Line, from: number, to: number): Line {
  const parts: Span[] = [];
  let at = 0;
  for (const piece of line) {
    const text = piece.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== "") parts.push({ ...piece, text });
    at += piece.text.length;
  }
  return parts;
}

interface Token {
  readonly text: string;
  readonly style?: StyleName;
}

/** Tried in order at each place; null: plain text that a later rule must not look into. */
type Rules = readonly (readonly [RegExp, StyleName | null])[];

/** Of sh(1), "Reserved Words", those that structure a script; only where a command may begin. */
const RESERVED = "if|then|elif|else|fi|for|while|until|do|done|case|esac|in|exec|exit|return";

const SHELL: Rules = [
  [/(?<![^\s;(|&])#[^\n]*/y, "dim"],
  [/'[^']*'?/y, "string"],
  [/"(?:[^"\\]|\\[\s\S])*"?/y, "string"],
  [/\$(?:\w+|\{[^}\n]*\}|[?!@*#$-])/y, "name"],
  [/\\[\s\S]/y, null],
  [
    new RegExp(`(?<=^|[\\n;|&(]\\s*|\\b(?:then|do|else) )(?:${RESERVED})(?![\\w=-])`, "y"),
    "keyword",
  ],
  [/[\w./-]+|\s+/y, null],
];

const JSON_RULES: Rules = [
  [/"(?:[^"\\\n]|\\.)*"(?=\s*:)/y, "name"],
  [/"(?:[^"\\\n]|\\.)*"?/y, "string"],
  [/(?:true|false|null)\b/y, "keyword"],
  [/[\w.+-]+|\s+/y, null],
];

const LANGUAGES: Readonly<Record<string, Rules>> = {
  sh: SHELL,
  bash: SHELL,
  json: JSON_RULES,
};

function* tokens(code: string, rules: Rules): Generator<Token> {
  let plain = 0;
  for (let at = 0; at < code.length; ) {
    const found = match(code, at, rules);
    if (found === null || found.style === null) {
      at += found?.length ?? 1;
      continue;
    }
    if (at > plain) yield { text: code.slice(plain, at) };
    yield { text: code.slice(at, at + found.length), style: found.style };
    at += found.length;
    plain = at;
  }
  if (plain < code.length) yield { text: code.slice(plain) };
}

function match(
  code: string,
  at: number,
  rules: Rules,
): { readonly length: number; readonly style: StyleName | null } | null {
  for (const [pattern, style] of rules) {
    pattern.lastIndex = at;
    const length = pattern.exec(code)?.[0].length ?? 0;
    if (length > 0) return { length, style };
  }
  return null;
}
