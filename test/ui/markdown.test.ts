import { describe, expect, test } from "vitest";
import { linkLines } from "../../src/ui/panes/lesson/links.ts";
import { renderMarkdown } from "../../src/ui/panes/lesson/markdown.ts";
import { lineWidth, textOf, widthOf } from "../../src/ui/text.ts";

function render(markdown: string, width: number): string {
  return renderMarkdown(markdown, width).map(textOf).join("\n");
}

describe("blocks", () => {
  test("paragraphs wrap at spaces, with an empty line between", () => {
    expect(render("one two three\nfour\n\nfive", 9)).toBe("one two\nthree\nfour\n\nfive");
  });

  test("list items hang right of their marker, nested ones further in", () => {
    const markdown = "- first item that wraps\n- second\n  - inner item that wraps too\n";
    expect(render(markdown, 16)).toBe(
      [
        "• first item",
        "  that wraps",
        "• second",
        "  • inner item",
        "    that wraps",
        "    too",
      ].join("\n"),
    );
  });

  test("numbers are right-aligned and begin where the list does", () => {
    expect(render("9. nine\n10. ten", 20)).toBe(" 9. nine\n10. ten");
  });

  test("strong and code inside tight lists keep their style", () => {
    const [line] = renderMarkdown("- a **b** `c`", 40);
    expect(line?.filter(({ style }) => style === "strong").map(({ text }) => text)).toEqual(["b"]);
    expect(line?.filter(({ style }) => style === "code").map(({ text }) => text)).toEqual(["c"]);
  });

  test("tables share the width, and their cells wrap", () => {
    expect(render("| file | says |\n|---|---|\n| `memory.max` | the hard limit |", 20)).toBe(
      [
        "file        says",
        "──────────  ────────",
        "memory.max  the hard",
        "            limit",
      ].join("\n"),
    );
  });

  test("code keeps its lines; what is too long goes on below, marked", () => {
    expect(render("```sh\ncat /proc/self/cgroup\nls\n```", 14)).toBe(
      "  cat /proc/se\n↪ lf/cgroup\n  ls",
    );
  });

  test("quotes have a bar", () => {
    expect(render("> said long ago", 10)).toBe("▏ said\n▏ long ago");
  });

  test("a word longer than the line is cut", () => {
    expect(render("abcdefghij k", 4)).toBe("abcd\nefgh\nij k");
  });
});

describe("inline", () => {
  test("a link is its words, in the style of one", () => {
    const [line] = renderMarkdown("[docs](https://a.example/x) <https://b.example>", 80);
    expect(textOf(line ?? [])).toBe("docs https://b.example");
    const links = line?.filter(({ style }) => style === "link").map(({ text }) => text);
    expect(links).toEqual(["docs", "https://b.example"]);
  });

  test.each([30, 54, 76, 120])(
    "all of it at %i columns: nothing is wider, no word is lost",
    (width) => {
      const lines = renderMarkdown(EVERYTHING, width);
      for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(width);
      const squeezed = lines
        .map(textOf)
        .join("")
        .replaceAll(/[\s\u21aa\u258f\u2500]/g, "");
      const words =
        "控制组是内核的功能，它限制进程可以使用的资源。 👩‍👩‍👧‍👦done. •one •two •three控制组控制组 1.numbered 2.second •back echoinside";
      for (const word of words.split(" ")) expect(squeezed).toContain(word);
      expect(squeezed).toContain("https://man7.org/linux/man-pages/man7/cgroups.7.html");
      // A family is one character: it is never cut into its members.
      expect(lines.some((line) => textOf(line).includes("👩‍👩‍👧‍👦"))).toBe(true);
      if (width < 54) return;
      // Columns of a table stand below each other, wide characters or not.
      const rows = lines.map(textOf).filter((line) => /^(memory\.max|x) /.test(line));
      expect(rows.map((line) => widthOf(line.slice(0, line.search(/上|😀/))))).toEqual([12, 12]);
    },
  );

  test("punctuation stays with the word before it, across styles", () => {
    expect(render("call `mkdir`, then", 12)).toBe("call mkdir,\nthen");
  });

  test("entities are characters", () => {
    expect(render("a &amp; b &lt; c", 40)).toBe("a & b < c");
  });
});

describe("where links lead", () => {
  const told = (texts: readonly string[], width: number): string =>
    linkLines(texts, width).map(textOf).join("\n");

  test("is told once for each address, below all text", () => {
    const texts = [
      "See [`kill(2)`](https://a.example/kill), *[fork\nit](https://a.example/fork)* and [on](#here).",
      "- again [kill](https://a.example/kill) <https://b.example>",
    ];
    expect(told(texts, 80)).toBe(
      "To read\n  kill(2) https://a.example/kill\n  fork it https://a.example/fork",
    );
  });

  test("wraps, and a text without links has nothing to tell", () => {
    expect(told(["[a word](https://a.example/abc)"], 18)).toBe(
      "To read\n  a word\n    https://a.exam\n    ple/abc",
    );
    expect(told(["no link", ""], 40)).toBe("");
  });

  test("is escaped", () => {
    const text = told(["[a\u001b[2J](https://a.example/\u202e)"], 60);
    expect(text).toContain("https://a.example/");
    expect([...text].filter((letter) => "\u001b\u202e".includes(letter))).toEqual([]);
  });
});

describe("any text", () => {
  test("wide characters count twice", () => {
    for (const line of renderMarkdown("控制组让内核限制一组进程 🙂🙂🙂 memory", 7))
      expect(lineWidth(line)).toBeLessThanOrEqual(7);
  });

  test("no line is wider than asked, at any width", () => {
    const markdown = [
      "# A heading that is long",
      "text with `code that is long` and 控制组 and **strong words**",
      "1. one\n   - two\n     - three three three three",
      "| a | b | c |\n|---|---|---|\n| wide wide wide | 控制组控制组 | x |",
      "> quote quote quote",
      "```\nlong line of code code code code\n```",
    ].join("\n\n");
    for (let width = 8; width < 60; width++)
      for (const line of renderMarkdown(markdown, width))
        expect(lineWidth(line), textOf(line)).toBeLessThanOrEqual(width);
  });

  test("escape sequences show and do nothing", () => {
    const shown = render("a \u001b[2J b `\u001b]0;x\u0007`", 80);
    expect(shown).not.toMatch(/\p{Control}/u);
  });
});

const EVERYTHING = `**控制组**是内核的功能，它限制进程可以使用的资源。 👩‍👩‍👧‍👦 done.

- one
  - two with a long text that has to wrap somewhere in here
    - three 控制组控制组
      1. numbered
      2. second one which is also rather long and wraps
- back

  \`\`\`sh
  echo inside a list | grep -v nothing-at-all-to-see-here-because-it-is-long
  \`\`\`

| name | 意味 | a long heading here |
|---|:-:|--:|
| \`memory.max\` | 上限 | 67108864 bytes which is 64 MiB |
| x | 😀 | 1 |

> a quote with https://man7.org/linux/man-pages/man7/cgroups.7.html
`;
