import { createInterface } from "node:readline/promises";

/** Asks a learner on the terminal whether to go on. */
export interface Prompt {
  /** Enter says yes; q, or the end of the input, says no. */
  confirm(question: string): Promise<boolean>;
  close(): void;
}

export interface PromptOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ctrl-C: readline takes it from the terminal, at the prompt and while a step runs. */
  readonly interrupt: () => void;
}

export function createPrompt({ input, output, interrupt }: PromptOptions): Prompt {
  const ask = createInterface({ input, output });
  let ended = false;
  const closed = new Promise<string>((resolve) => {
    ask.once("close", () => {
      ended = true;
      resolve("q");
    });
  });
  ask.on("SIGINT", interrupt);
  return {
    async confirm(question) {
      // The input may have ended while a step ran; a closed readline takes no question.
      if (ended) return false;
      const answer = await Promise.race([ask.question(question), closed]);
      return !answer.trim().toLowerCase().startsWith("q");
    },
    close: () => ask.close(),
  };
}
