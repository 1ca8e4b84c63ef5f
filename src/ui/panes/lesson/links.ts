import { type MarkedToken, marked, type Token } from "marked";
import { oneLine } from "../../labels.ts";
import { type Line, span } from "../../text.ts";
import { wrapSpans } from "../../wrap.ts";

/**
 * Where the links of these texts lead, each address once, in the order in which they are met. A
 * terminal cannot be clicked everywhere, and an address of sixty letters in a sentence hides it.
 */
export function linkLines(texts: readonly string[], width: number): Line[] {
  const links = new Map<string, string>();
  for (const text of texts)
    marked.walkTokens(marked.lexer(text), (token) => {
      if (!isAddressed(token) || links.has(token.href)) return;
      links.set(token.href, oneLine(token.text.replaceAll("`", "").replaceAll(/\s*\n\s*/g, " ")));
    });
  if (links.size === 0) return [];
  const hang = { first: [span("  ")], rest: [span("    ")], width: 4 };
  return [
    [span("To read", "strong")],
    ...[...links].flatMap(([href, text]) =>
      wrapSpans([span(`${text} `), span(oneLine(href), "dim")], width, hang),
    ),
  ];
}

/** Whether a link's words differ from its address, so that this has to be said elsewhere. */
function isAddressed(token: Token): token is MarkedToken & { type: "link" } {
  return token.type === "link" && token.href !== token.text && /^https?:/.test(token.href);
}
