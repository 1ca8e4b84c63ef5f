import type { WriteStream } from "node:tty";
import { expect, test, vi } from "vitest";
import { loadMarkdownRenderer } from "../../src/commands/plain-markdown.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: styles are sequences of it
const STYLE = /\x1b\[[\d;]*m/g;

async function rendered(terminal: Partial<WriteStream>, text: string): Promise<string> {
  vi.stubEnv("NO_COLOR", "");
  const render = await loadMarkdownRenderer(terminal as WriteStream);
  vi.unstubAllEnvs();
  return render(text).replace(STYLE, "");
}

test.each([[0], [undefined], [80], [300]])(
  "on a terminal of %s columns all words are there, in lines of at most 100",
  async (columns) => {
    const words = Array.from({ length: 60 }, (_, n) => `word${n}`);
    const text = await rendered({ isTTY: true, columns: columns as number }, words.join(" "));
    expect(text.split(/\s+/).filter((word) => word !== "")).toEqual(words);
    const widest = Math.max(...text.split("\n").map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(columns === 300 ? 100 : 80);
  },
);
