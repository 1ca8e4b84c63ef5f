import { LessonError } from "./lesson-error.ts";
import { NEEDS, type Need, unknownNeed } from "./needs.ts";
import { isPane, type PaneName, unknownPane } from "./panes.ts";

export interface StepHeading {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly Need[];
  readonly panes: readonly PaneName[] | null;
  readonly trace: readonly string[] | null;
}

/** `Title <!-- id: name -->` or `Title <!-- id: name needs: cgroup.io, mknod panes: network -->`. */
const HEADING = /^(.*?)\s*<!--\s*id:\s*([a-z][a-z0-9-]*)((?:\s[\s\S]*)?)-->$/;
/** `needs: …`, `panes: …` and `trace: …`, each up to the next word with a colon. */
const LIST = /^\s*([a-z]+):\s*((?:(?![a-z]+:)[^\s,]+(?:[\s,]+|$))*)/;

/** @throws LessonError when the heading has no id, or lists something unknown */
export function parseStepHeading(heading: string, file: string, line: number): StepHeading {
  const fail = (what: string): never => {
    throw new LessonError(file, line, 1, what);
  };
  const match = HEADING.exec(heading);
  if (match === null)
    return fail(`the step "${heading}" has no id: write "## Title <!-- id: name -->"`);
  const [, title = "", id = "", rest = ""] = match;
  const { needs = [], panes = null, trace } = readLists(rest.trim(), fail);
  return {
    ...{ id, title, needs, panes: panes as readonly PaneName[] | null },
    trace: trace?.filter((call) => call !== UNTRACED) ?? null,
  };
}

interface Lists {
  readonly needs?: readonly string[];
  readonly panes?: readonly string[];
  readonly trace?: readonly string[];
}

/** `trace: none`. */
const UNTRACED = "none";

const UNKNOWN: Readonly<Record<keyof Lists, (word: string) => string | null>> = {
  needs: (word) => (NEEDS.includes(word) ? null : unknownNeed(word)),
  panes: (word) => (isPane(word) ? null : unknownPane(word)),
  // strace knows its system calls, and classes of them (`%file`).
  trace: (word) => (/^%?[a-z_][a-z0-9_]*$/.test(word) ? null : `"${word}" is no system call`),
};

function isList(name: string): name is keyof Lists {
  return Object.hasOwn(UNKNOWN, name);
}

function readLists(text: string, fail: (what: string) => never): Lists {
  const lists: { -readonly [name in keyof Lists]: readonly string[] } = {};
  for (let rest = text; rest !== ""; ) {
    const match = LIST.exec(rest);
    if (match === null)
      return fail(`a step's comment has "id:", "needs:", "panes:" and "trace:", not "${rest}"`);
    const [whole, name = "", list = ""] = match;
    if (!isList(name))
      return fail(`a step's comment has "id:", "needs:", "panes:" and "trace:", not "${name}:"`);
    const words = list.split(/[\s,]+/).filter((word) => word !== "");
    if (words.length === 0) return fail(`"${name}:" lists nothing`);
    for (const word of words) {
      const unknown = UNKNOWN[name](word);
      if (unknown !== null) fail(unknown);
    }
    lists[name] = words;
    rest = rest.slice(whole.length);
  }
  return lists;
}
