import stringWidth from "string-width";
import { expect, test } from "vitest";
import { clip, widthOf } from "../../src/ui/text.ts";

test("the short way to a width comes to what Unicode's tables say", () => {
  const wrong: string[] = [];
  for (let code = 0x20; code < 0x3100; code++) {
    const text = String.fromCharCode(code);
    // Alone, and where what stands before it could make it an emoji or join it.
    for (const each of [text, `▶${text}`, `©${text}x`])
      if (widthOf(each) !== stringWidth(each)) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

test("what our lines are made of is cut by columns", () => {
  expect(clip("─│▸·…×→✓✗⣿", 10)).toBe("─│▸·…×→✓✗⣿");
  expect(clip("─│▸·…×→✓✗⣿", 4)).toBe("─│▸…");
});
