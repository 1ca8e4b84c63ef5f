import type { Ask } from "./lesson.ts";
import { type Fail, fieldsOf, readYaml } from "./yaml-text.ts";

/** The longest answer that stays on one line beside its number at 80 columns. */
const LONGEST_ANSWER = 70;
const FIELDS = ["question", "answers", "right", "because"];

/** The YAML inside an ask fence. `firstLine` is the line of the file it begins on. */
export function parseAsk(text: string, file: string, firstLine: number): Ask {
  const yaml = readYaml(text, file, firstLine);
  const wanted = `a question has fields: ${FIELDS.join(", ")}`;
  const { fields, fail } = fieldsOf(yaml, yaml.document.contents, wanted);
  for (const name of Object.keys(fields))
    if (!FIELDS.includes(name)) fail(`unknown field "${name}"; known: ${FIELDS.join(", ")}`, name);
  const sentence = (name: string): string => {
    const value = fields[name];
    const isText = typeof value === "string" && value.trim() !== "";
    return isText ? value.trim() : fail(`a question needs "${name}", a sentence`, name);
  };
  const answers = readAnswers(fields.answers, fail);
  return {
    question: sentence("question"),
    answers,
    right: readRight(fields.right, answers.length, fail),
    because: sentence("because"),
  };
}

function readAnswers(value: unknown, fail: Fail): string[] {
  if (!Array.isArray(value) || value.length < 2 || value.length > 4)
    return fail('"answers" is a list of two to four short texts', "answers");
  const answers = value.map((item: unknown) => {
    const isScalar = typeof item === "string" || typeof item === "number";
    return isScalar
      ? `${item}`
      : fail(`an answer is a text, not ${JSON.stringify(item)}`, "answers");
  });
  for (const answer of answers)
    if (answer === "" || answer.length > LONGEST_ANSWER || answer.includes("\n"))
      fail(`an answer is one line of 1 to ${LONGEST_ANSWER} characters: "${answer}"`, "answers");
  if (new Set(answers).size < answers.length) fail("two answers are the same", "answers");
  return answers;
}

function readRight(value: unknown, count: number, fail: Fail): number {
  const isOne = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= count;
  return isOne ? Number(value) : fail(`"right" is the number of an answer, 1 to ${count}`, "right");
}
