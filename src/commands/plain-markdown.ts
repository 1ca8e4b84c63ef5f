import type { WriteStream } from "node:tty";
import type { MarkedExtension } from "marked";
import type { RenderMarkdown } from "./transcript.ts";

/**
 * How prose is written into a transcript: styled by marked-terminal when a terminal shows it, as
 * the Markdown it is when it goes to a file or a pipe, where it reads well and nothing is lost.
 * Loaded only when needed: it costs more to load than the rest of the program.
 */
export async function loadMarkdownRenderer(stdout: WriteStream): Promise<RenderMarkdown> {
  if (!stdout.isTTY || (process.env.NO_COLOR ?? "") !== "") return (markdown) => markdown;
  const [{ Marked }, { markedTerminal }] = await Promise.all([
    import("marked"),
    import("marked-terminal"),
  ]);
  // A serial line has 0 columns, which is to say that nobody knows.
  const width = Math.min(stdout.columns || 80, 100);
  // Its type declarations (7.x) call the extension a renderer.
  const terminal = markedTerminal({ width, reflowText: true, tab: 2 }) as unknown;
  const marked = new Marked(terminal as MarkedExtension);
  // marked-terminal 7.3 prints the inline marks of tight list items as they stand in the source.
  marked.use({
    renderer: {
      text(token) {
        return "tokens" in token && token.tokens ? this.parser.parseInline(token.tokens) : false;
      },
    },
  });
  return (markdown) => marked.parse(markdown, { async: false });
}
