import { describe, expect, test } from "vitest";
import { highlight, sliceLine } from "../../src/ui/panes/lesson/highlight.ts";
import { textOf } from "../../src/ui/text.ts";

/** Each piece with a style of its own, as `style:text`. */
function styled(code: string, language = "sh"): string[] {
  return highlight(code, language, "code").flatMap((line) =>
    line.filter(({ style }) => style !== "code").map(({ text, style }) => `${style}:${text}`),
  );
}

describe("sh", () => {
  test("comments, strings, variables, and words where a command may begin", () => {
    expect(styled("echo 'a # b' \"c\" # d")).toEqual(["string:'a # b'", 'string:"c"', "dim:# d"]);
    expect(styled("cat $file \x24{a:-b} $? a#b")).toEqual([
      "name:$file",
      "name:\x24{a:-b}",
      "name:$?",
    ]);
    expect(styled('echo "exit $?"; ls "$a/$b"')).toEqual(['string:"exit $?"', 'string:"$a/$b"']);
    expect(styled("if true; then echo if; done=1; fi")).toEqual([
      "keyword:if",
      "keyword:then",
      "keyword:fi",
    ]);
    expect(styled("for x in 1; do exit; done")).toEqual([
      "keyword:for",
      "keyword:do",
      "keyword:exit",
      "keyword:done",
    ]);
  });

  test("a string may go over lines, and an open one goes to the end", () => {
    expect(styled("sh -c '\n  true\n' x")).toEqual(["string:'", "string:  true", "string:'"]);
    expect(styled("echo 'open\nhere")).toEqual(["string:'open", "string:here"]);
    expect(styled("echo \\'no 'yes'")).toEqual(["string:'yes'"]);
  });
});

test("json: keys, strings, words; a language that is not known has no styles", () => {
  expect(styled('{"a": ["b", true, -1.5e3, null]}', "json")).toEqual([
    'name:"a"',
    'string:"b"',
    "keyword:true",
    "keyword:null",
  ]);
  expect(styled("if 'a' # b", "text")).toEqual([]);
});

test("no letter is lost, whatever the code is", () => {
  const letters = ["'", '"', "$", "{", "\\", "#", "\n", "a", " ", "do", ";", "é", "😀", "("];
  let seed = 7;
  for (let round = 0; round < 2000; round++) {
    const code = Array.from({ length: 12 }, () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return letters[seed % letters.length];
    }).join("");
    for (const language of ["sh", "json"]) {
      const lines = highlight(code, language, "code");
      expect(lines.map(textOf).join("\n")).toBe(code);
    }
  }
});

test("a slice keeps the styles of what is in it", () => {
  const [line = []] = highlight("echo 'ab' c", "sh", "command");
  expect(sliceLine(line, 3, 7)).toEqual([
    { text: "o ", style: "command" },
    { text: "'a", style: "string" },
  ]);
});
