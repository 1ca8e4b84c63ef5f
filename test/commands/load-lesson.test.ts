import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test, vi } from "vitest";

const shipped = resolve(import.meta.dirname, "../../lessons");
const { folder } = vi.hoisted(() => ({ folder: { lessons: "" } }));
vi.mock("../../src/host/paths.ts", async (original) => ({
  ...(await original<typeof import("../../src/host/paths.ts")>()),
  get lessonsFolder() {
    return folder.lessons;
  },
}));
folder.lessons = mkdtempSync(join(tmpdir(), "tsi-lessons-"));
afterAll(() => rmSync(folder.lessons, { recursive: true }));

test("a lesson with a mistake in it, or that cannot be read, hides no other", async () => {
  const { lessonIds, loadLesson, loadLessons } = await import("../../src/commands/load-lesson.ts");
  for (const id of ["overlayfs", "cgroups"])
    cpSync(join(shipped, id), join(folder.lessons, id), { recursive: true });
  mkdirSync(join(folder.lessons, "wrong"));
  writeFileSync(join(folder.lessons, "wrong/lesson.md"), "hello\n");
  mkdirSync(join(folder.lessons, "odd/lesson.md"), { recursive: true });
  expect(lessonIds()).toEqual(["cgroups", "overlayfs", "odd", "wrong"]);
  const said: string[] = [];
  const found = await loadLessons((message) => said.push(message));
  expect(found.map(({ id }) => id)).toEqual(["cgroups", "overlayfs"]);
  expect(said).toEqual([
    expect.stringMatching(/^cannot read .*odd\/lesson.md \(EISDIR\)$/),
    expect.stringMatching(/wrong\/lesson.md:1:1: a lesson begins with front matter/),
  ]);
  await expect(loadLesson("wrong")).rejects.toThrow("front matter");
  await expect(loadLesson("odd")).rejects.toThrow("EISDIR");
});
