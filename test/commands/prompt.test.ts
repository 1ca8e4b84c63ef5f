import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { createPrompt, type Prompt } from "../../src/commands/prompt.ts";

interface Asked {
  readonly prompt: Prompt;
  readonly input: PassThrough;
  interrupts(): number;
}

/** A prompt on streams; on a terminal readline reads keys, Ctrl-C among them, by itself. */
function ask(isTTY = false): Asked {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY });
  let count = 0;
  const interrupt = (): void => {
    count++;
  };
  return { prompt: createPrompt({ input, output, interrupt }), input, interrupts: () => count };
}

test.each([
  ["\n", true],
  ["y\n", true],
  ["q\n", false],
  [" Quit\n", false],
])("%j answers %s", async (typed, wanted) => {
  const { prompt, input } = ask();
  const answer = prompt.confirm("? ");
  input.write(typed);
  expect(await answer).toBe(wanted);
});

test("the end of the input says no, at a question and before one", async () => {
  const { prompt, input } = ask();
  const answer = prompt.confirm("? ");
  input.end();
  expect(await answer).toBe(false);
  expect(await prompt.confirm("again? ")).toBe(false);
});

test("Ctrl-C interrupts, also while nothing is asked, and the prompt stays usable", async () => {
  const { prompt, input, interrupts } = ask(true);
  input.write("\x03");
  await expect.poll(interrupts).toBe(1);
  const answer = prompt.confirm("? ");
  input.write("\x03");
  await expect.poll(interrupts).toBe(2);
  input.write("\r");
  expect(await answer).toBe(true);
  prompt.close();
});
