/** The lessons as the home screen shows them. PURE, as the workbench. */
export interface HomeLesson {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  /** Markdown before the first step. */
  readonly intro: string;
  readonly steps: readonly HomeStep[];
  /** How many of its steps have been passed, and of those solved for the learner. */
  readonly passed: number;
  readonly solved: number;
  /** Where it goes on, after what was done last; null: at its beginning. */
  readonly resume: HomeStep | null;
  /** When a step of it ended last (ISO 8601); null: never. */
  readonly at: string | null;
  /** In how many sessions. */
  readonly taken: number;
  /** Why it does not run live here, and what to try; null: it does. */
  readonly missing: { readonly what: string; readonly fix: string } | null;
}

export interface HomeStep {
  readonly id: string;
  readonly title: string;
  /** Its prose, as Markdown. */
  readonly text: string;
}

/** A place where all the words searched for stand. */
export interface Hit {
  readonly lesson: HomeLesson;
  /** Null: before the first step. */
  readonly step: HomeStep | null;
  /** The line that has the first of the words. */
  readonly excerpt: string;
}

export interface HomeState {
  readonly columns: number;
  readonly rows: number;
  readonly lessons: readonly HomeLesson[];
  /** The chosen lesson's place, or while searching the chosen hit's. */
  readonly picked: number;
  /** It was chosen by a click: another one on it opens it. Then the first entry in sight; else null. */
  readonly clicked: { readonly top: number } | null;
  /** What is searched for; null: nothing. */
  readonly query: string | null;
  readonly hits: readonly Hit[];
}

export type HomeMessage =
  | { readonly kind: "resized"; readonly columns: number; readonly rows: number }
  | { readonly kind: "moved"; readonly by: number }
  | { readonly kind: "clicked"; readonly entry: number; readonly top: number }
  | { readonly kind: "search" }
  | { readonly kind: "typed"; readonly text: string }
  | { readonly kind: "erased" }
  | { readonly kind: "closed" };

/** How the learner leaves the home screen. */
export type HomeChoice =
  | { readonly kind: "lesson"; readonly id: string; readonly from: string | null }
  | { readonly kind: "doctor" }
  | { readonly kind: "quit" }
  | { readonly kind: "interrupted" };

/** Begins at the lesson that was taken last. */
export function initialHome(
  lessons: readonly HomeLesson[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): HomeState {
  return {
    columns,
    rows,
    lessons,
    picked: lastTaken(lessons),
    clicked: null,
    query: null,
    hits: [],
  };
}

export function updateHome(state: HomeState, message: HomeMessage): HomeState {
  switch (message.kind) {
    case "resized":
      return { ...state, columns: message.columns, rows: message.rows };
    case "moved": {
      const last = (state.query === null ? state.lessons : state.hits).length - 1;
      const picked = Math.max(0, Math.min(last, state.picked + message.by));
      return { ...state, picked, clicked: null };
    }
    case "clicked":
      return { ...state, picked: message.entry, clicked: { top: message.top } };
    case "search":
      return { ...state, query: "", hits: [], picked: 0, clicked: null };
    case "typed":
      return state.query === null ? state : searched(state, state.query + message.text);
    case "erased":
      if (state.query === null) return state;
      return searched(state, [...state.query].slice(0, -1).join(""));
    case "closed":
      return state.query === null ? state : initialHome(state.lessons, state);
  }
}

/** What Enter does; null: there is nothing to choose. `anew`: from the lesson's first step. */
export function chosen(state: HomeState, anew: boolean): HomeChoice | null {
  if (state.query !== null) {
    const hit = state.hits[state.picked];
    return hit === undefined ? null : lessonAt(hit.lesson, hit.step);
  }
  const lesson = state.lessons[state.picked];
  return lesson === undefined ? null : lessonAt(lesson, anew ? null : lesson.resume);
}

function lessonAt({ id, steps }: HomeLesson, step: HomeStep | null): HomeChoice {
  const first = step === null || step.id === steps[0]?.id;
  return { kind: "lesson", id, from: first ? null : step.id };
}

function lastTaken(lessons: readonly HomeLesson[]): number {
  const newest =
    lessons
      .map(({ at }) => at ?? "")
      .toSorted()
      .at(-1) ?? "";
  return newest === "" ? 0 : lessons.findIndex(({ at }) => at === newest);
}

function searched(state: HomeState, query: string): HomeState {
  return { ...state, query, hits: hitsOf(state.lessons, query), picked: 0, clicked: null };
}

/** Titles first; all words have to stand in the same step. */
function hitsOf(lessons: readonly HomeLesson[], query: string): Hit[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const found = lessons.flatMap((lesson) => [
    ...hitIn(
      words,
      lesson,
      null,
      `${lesson.title} ${lesson.id}`,
      `${lesson.summary}\n${lesson.intro}`,
    ),
    ...lesson.steps.flatMap((step) => hitIn(words, lesson, step, step.title, step.text)),
  ]);
  return [...found.filter(({ named }) => named), ...found.filter(({ named }) => !named)];
}

function hitIn(
  words: readonly string[],
  lesson: HomeLesson,
  step: HomeStep | null,
  title: string,
  text: string,
): (Hit & { named: boolean })[] {
  const [inTitle, all] = [title.toLowerCase(), `${title}\n${text}`.toLowerCase()];
  if (!words.every((word) => all.includes(word))) return [];
  const lines = text.split("\n").map((line) => unmarked(line));
  const score = (line: string): number =>
    words.filter((word) => line.toLowerCase().includes(word)).length;
  const best = Math.max(...lines.map(score));
  const excerpt = lines.find((line) => line !== "" && score(line) === best);
  const named = words.every((word) => inTitle.includes(word));
  return [{ lesson, step, excerpt: excerpt ?? "", named }];
}

/** Without Markdown's marks; the `_` in a name such as memory.soft_limit_in_bytes is none. */
function unmarked(line: string): string {
  return line.replace(/[`*>#]|\b_+|_+\b|^\s*[-|]/g, "").trim();
}
