import { marked, type Token, type Tokens } from "marked";
import { printable } from "../../../timeline/printable.ts";
import {
  hardWrap,
  type Line,
  type Span,
  type StyleName,
  span,
  textOf,
  widthOf,
} from "../../text.ts";
import { type Indent, wrapSpans } from "../../wrap.ts";
import { highlight, sliceLine } from "./highlight.ts";
import { renderTable } from "./markdown-table.ts";

/** Markdown as lines of at most `width` columns; where its links lead, `linkLines` tells. */
export function renderMarkdown(markdown: string, width: number): Line[] {
  return renderBlocks(marked.lexer(markdown), Math.max(1, width), true);
}

/** `apart`: an empty line between blocks, as in all but tight lists. */
function renderBlocks(tokens: readonly Token[], width: number, apart: boolean): Line[] {
  const lines: Line[] = [];
  for (const token of tokens) {
    const block = renderBlock(token, width);
    if (block.length === 0) continue;
    if (apart && lines.length > 0) lines.push([]);
    lines.push(...block);
  }
  return lines;
}

function renderBlock(token: Token, width: number): Line[] {
  switch (token.type) {
    case "heading":
      return wrapSpans(restyle(inline(token.tokens ?? []), "heading"), width);
    case "paragraph":
    case "text":
      return wrapSpans(inlineOf(token), width);
    case "list":
      return renderList(token as Tokens.List, width);
    case "blockquote":
      return prefixed(token.tokens ?? [], width, bar("▏ "));
    case "code":
      return renderCode(token as Tokens.Code, width);
    case "table":
      return renderTable(tableCells(token as Tokens.Table), width);
    case "hr":
      return [[span("─".repeat(Math.min(width, 24)), "dim")]];
    case "space":
    case "def":
      return [];
    default:
      return wrapSpans([span(clean(token.raw))], width);
  }
}

function bar(text: string): Indent {
  const line = [span(text, "dim")];
  return { first: line, rest: line, width: widthOf(text) };
}

function prefixed(tokens: readonly Token[], width: number, indent: Indent, apart = true): Line[] {
  const inner = renderBlocks(tokens, Math.max(1, width - indent.width), apart);
  return inner.map((line, index) => [...(index === 0 ? indent.first : indent.rest), ...line]);
}

/** Code keeps its lines; one that is too long goes on below, behind a mark. */
function renderCode({ text, lang = "" }: Tokens.Code, width: number): Line[] {
  const [language = ""] = lang.split(/\s/);
  return highlight(clean(text), language, "code").flatMap((line) => {
    let at = 0;
    return hardWrap(textOf(line), Math.max(1, width - 2)).map((piece, index) => {
      const from = at;
      at += piece.length;
      return [span(index === 0 ? "  " : "↪ ", "dim"), ...sliceLine(line, from, at)];
    });
  });
}

function renderList(list: Tokens.List, width: number): Line[] {
  const first = typeof list.start === "number" ? list.start : 1;
  const numbers = list.items.map((_, index) => `${first + index}.`);
  const widest = Math.max(...numbers.map((number) => number.length));
  const lines: Line[] = [];
  list.items.forEach((item, index) => {
    const marker = list.ordered ? (numbers[index] ?? "").padStart(widest) : "•";
    if (list.loose && lines.length > 0) lines.push([]);
    lines.push(...prefixed(item.tokens, width, hanging(`${marker} `), list.loose));
  });
  return lines;
}

/** Text of an item stays right of its marker. */
function hanging(marker: string): Indent {
  const width = widthOf(marker);
  return { first: [span(marker, "dim")], rest: [span(" ".repeat(width))], width };
}

function tableCells(table: Tokens.Table): { header: Span[][]; rows: Span[][][] } {
  return {
    header: table.header.map((cell) => restyle(inline(cell.tokens), "strong")),
    rows: table.rows.map((row) => row.map((cell) => inline(cell.tokens))),
  };
}

function inlineOf(token: Token): Span[] {
  const { tokens, text } = token as { tokens?: Token[]; text?: string };
  return tokens === undefined ? [span(clean(text ?? token.raw))] : inline(tokens);
}

function inline(tokens: readonly Token[]): Span[] {
  return tokens.flatMap(inlineSpans);
}

const INLINE_STYLES: Readonly<Record<string, StyleName>> = {
  strong: "strong",
  em: "emphasis",
  del: "dim",
};

function inlineSpans(token: Token): Span[] {
  const style = INLINE_STYLES[token.type];
  if (style !== undefined) return restyle(inlineOf(token), style);
  switch (token.type) {
    case "codespan":
      return [span(clean(token.text), "code")];
    case "br":
      return [span("\n")];
    case "link":
      return restyle(inlineOf(token), "link");
    case "image":
      return [span(`[${oneLine(token.text)}]`, "dim")];
    case "text":
      return token.tokens === undefined
        ? [span(entities(oneLine(token.text)))]
        : inline(token.tokens);
    case "escape":
      return [span(oneLine(token.text))];
    default:
      return [span(oneLine(token.raw))];
  }
}

/** Gives a style to whatever has none of its own. */
function restyle(spans: readonly Span[], style: StyleName): Span[] {
  return spans.map((piece) => (piece.style === undefined ? { ...piece, style } : piece));
}

function clean(text: string): string {
  return printable(text);
}

/** In running text a newline is a space. */
function oneLine(text: string): string {
  return clean(text.replace(/\s*\n\s*/g, " "));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
};

function entities(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (entity) => ENTITIES[entity] ?? entity);
}
