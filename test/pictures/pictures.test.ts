import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadLesson, loadLessons } from "../../src/commands/load-lesson.ts";
import { root } from "../live/program.ts";
import { drawingOf } from "./box-drawing.ts";
import type { Frame, Style } from "./frame.ts";
import { SCENES } from "./scenes.ts";
import { heightOf, svgOf } from "./svg.ts";

const folder = join(root, "fixtures/pictures");
const readme = readFileSync(join(root, "README.md"), "utf8");
const fileOf = (name: string): string => join(folder, `${name}.svg`);

/** What is written on a picture, line by line. */
function textOf(svg: string): string {
  const lines = [...svg.matchAll(/<text y[^>]*>(.*)<\/text>/g)].map(([, line = ""]) =>
    line.replaceAll("</tspan>", " ").replaceAll(/<[^>]*>/g, ""),
  );
  const escapes = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
  return lines.join("\n").replaceAll(/&\w+;/g, (name) => escapes[name as "&lt;"] ?? name);
}

describe.each(SCENES)("the picture $name", ({ name, lesson, step, rows }) => {
  test("is there, is small, and the README shows it with a description", () => {
    expect(existsSync(fileOf(name)), "npm run pictures makes it").toBe(true);
    expect(statSync(fileOf(name)).size).toBeLessThan(60 * 1024);
    expect(readme).toMatch(new RegExp(`!\\[[^\\]]{20,}\\]\\(fixtures/pictures/${name}\\.svg\\)`));
  });

  test("shows what the program is about now: npm run pictures takes it again", async () => {
    const svg = readFileSync(fileOf(name), "utf8");
    const text = textOf(svg);
    expect(svg).toContain(`height="${heightOf(rows)}"`);
    if (lesson === undefined) {
      for (const { id, title } of await loadLessons()) expect(text).toContain(`${id} ${title} `);
      return;
    }
    const { steps } = await loadLesson(lesson);
    const index = steps.findIndex(({ title }) => new RegExp(`^${step}$`).test(title));
    expect(text).toContain(`step ${index + 1}/${steps.length} ${steps[index]?.title}`);
    expect(text).toMatch(/✓ .*(checks hold|check holds)/);
  });
});

test("no picture is left over", () => {
  const names = SCENES.map(({ name }) => `${name}.svg`).sort();
  expect(readdirSync(folder).sort()).toEqual(names);
});

describe("a frame as SVG", () => {
  const plain: Style = {
    ...{ colour: null, bold: false, dim: false, italic: false, underline: false, inverse: false },
  };
  const frame: Frame = {
    columns: 20,
    rows: [
      [{ column: 0, text: "a <b> & 控 c", style: plain }],
      [
        { column: 2, text: "──┤⣀ x", style: { ...plain, colour: 2 } },
        { column: 9, text: " OK ", style: { ...plain, inverse: true } },
      ],
    ],
  };

  test("letters stand in their cells, whatever the font", () => {
    const svg = svgOf(frame, "title");
    expect(svg).toContain(">a &lt;b&gt; &amp;</tspan>");
    // Two columns wide, the eighth of its row; what follows is two columns on.
    expect(svg).toContain('<tspan x="86" textLength="18">控</tspan>');
    expect(svg).toContain('<tspan x="113" textLength="9">c</tspan>');
    expect(textOf(svg)).toBe("a <b> & 控 c \nx OK ");
  });

  test("lines that join are one stroke, and dots are dots", () => {
    const svg = svgOf(frame, "title");
    expect(svg).toMatch(/<path d="M32 72.5H50M/);
    expect(svg).toContain('stroke-linecap="round"');
    const cell = { width: 8, height: 16 };
    expect(drawingOf("─", 0, 0, cell)?.path).toBe("M0 8H8");
    expect(drawingOf("╭", 0, 0, cell)?.path).toBe("M8 8Q4 8 4 16");
    expect(drawingOf("⡁", 0, 0, cell)?.path).toBe("M2 2h0M2 14h0");
    expect(drawingOf("║", 0, 0, cell)?.path).toContain("V16");
    expect(drawingOf("a", 0, 0, cell)).toBeNull();
  });
});
