import { describe, expect, test } from "vitest";
import { candidates, type Names } from "../../src/commands/complete.ts";
import { buildProgram } from "../../src/commands/program.ts";

const names: Names = {
  lessons: () => [
    { word: "cgroups", help: "Control groups" },
    { word: "namespaces", help: "Namespaces" },
  ],
  steps: (lesson) => (lesson === "cgroups" ? [{ word: "oom", help: "Out of memory" }] : []),
};

function offered(...words: string[]): string[] {
  return candidates(
    buildProgram(() => {}),
    words,
    names,
  ).map(({ word }) => word);
}

describe("what a word may become", () => {
  test("a command; none that is hidden", () => {
    expect(offered("")).toEqual(expect.arrayContaining(["list", "lesson", "doctor"]));
    expect(offered("co")).toEqual(["completion"]);
    expect(offered("nothing-like-it")).toEqual([]);
  });

  test("a lesson, or a command below `lesson`", () => {
    expect(offered("lesson", "")).toEqual(["cgroups", "namespaces", "test"]);
    expect(offered("lesson", "n")).toEqual(["namespaces"]);
    expect(offered("lesson", "test", "c")).toEqual(["cgroups"]);
    expect(offered("lesson", "--auto", "c")).toEqual(["cgroups"]);
    expect(offered("lesson", "cgroups", "")).toEqual([]);
  });

  test("a step of the lesson", () => {
    expect(offered("lesson", "cgroups", "--from", "")).toEqual(["oom"]);
    expect(offered("lesson", "namespaces", "--from", "")).toEqual([]);
    expect(offered("reset", "cgroups", "o")).toEqual(["oom"]);
  });

  test("an option of this command", () => {
    expect(offered("lesson", "cgroups", "--re")).toEqual(["--record", "--replay"]);
    expect(offered("list", "--")).toEqual(["--json", "--help"]);
  });

  test("a file, where the option takes one; and what its value may be left out for", () => {
    expect(offered("lesson", "cgroups", "--record", "fi")).toEqual(["/"]);
    expect(offered("lesson", "--replay", "c")).toEqual(["/", "cgroups"]);
    expect(offered("lesson", "cgroups", "--replay", "la")).toEqual(["last", "/"]);
    expect(offered("lesson", "cgroups", "--record", "file", "--f")).toEqual(["--from"]);
  });

  test("one of a choice", () => {
    expect(offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });
});
