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
  ["\n", ""],
  ["2\n", "2"],
  [" Quit\n", "quit"],
])("%j answers %j", async (typed, wanted) => {
  const { prompt, input } = ask();
  const answer = prompt.ask("? ");
  input.write(typed);
  expect(await answer).toBe(wanted);
});

test("the end of the input is no answer, at a question and before one", async () => {
  const { prompt, input } = ask();
  const answer = prompt.ask("? ");
  input.end();
  expect(await answer).toBeNull();
  expect(await prompt.ask("again? ")).toBeNull();
});

test("Ctrl-C interrupts, also while nothing is asked, and the prompt stays usable", async () => {
  const { prompt, input, interrupts } = ask(true);
  input.write("\x03");
  await expect.poll(interrupts).toBe(1);
  const answer = prompt.ask("? ");
  input.write("\x03");
  await expect.poll(interrupts).toBe(2);
  input.write("\r");
  expect(await answer).toBe("");
  prompt.close();
});
