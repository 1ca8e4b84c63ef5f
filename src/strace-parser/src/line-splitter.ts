import { createByteDecoder } from "./byte-text.ts";
import type { SourceLine } from "./event.ts";

export interface LineSplitter {
  push(chunk: string | Uint8Array): SourceLine[];
  end(): SourceLine[];
}

/** Cuts chunks into numbered lines, in time linear in the input wherever the chunks are cut. */
export function createLineSplitter(): LineSplitter {
  const decoder = createByteDecoder();
  let count = 0;
  let open = "";

  const cut = (text: string): SourceLine[] => {
    const lines: SourceLine[] = [];
    let from = 0;
    for (;;) {
      const feed = text.indexOf("\n", from);
      if (feed < 0) break;
      const head = text.slice(from, feed);
      lines.push(toLine(++count, open === "" ? head : open + head));
      open = "";
      from = feed + 1;
    }
    open += text.slice(from);
    return lines;
  };

  return {
    push: (chunk) =>
      cut(typeof chunk === "string" ? decoder.flush() + chunk : decoder.decode(chunk)),
    end() {
      const lines = cut(decoder.flush());
      if (open !== "") lines.push({ line: ++count, text: open, end: "" });
      open = "";
      return lines;
    },
  };
}

function toLine(line: number, text: string): SourceLine {
  if (text.endsWith("\r")) return { line, text: text.slice(0, -1), end: "\r\n" };
  return { line, text, end: "\n" };
}
