import { createInterface } from "node:readline/promises";

/** Asks a learner on the terminal what to do. */
export interface Prompt {
  /** What was typed, trimmed and in lower case; null at the end of the input. */
  ask(question: string): Promise<string | null>;
  close(): void;
}

export interface PromptOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ctrl-C: readline takes it from the terminal, at the prompt and while a step runs. */
  readonly interrupt: () => void;
}

export function createPrompt({ input, output, interrupt }: PromptOptions): Prompt {
  const line = createInterface({ input, output });
  let ended = false;
  const closed = new Promise<null>((resolve) => {
    line.once("close", () => {
      ended = true;
      resolve(null);
    });
  });
  line.on("SIGINT", interrupt);
  return {
    async ask(question) {
      // The input may have ended while a step ran; a closed readline takes no question.
      if (ended) return null;
      const answer = await Promise.race([line.question(question), closed]);
      return answer === null ? null : answer.trim().toLowerCase();
    },
    close: () => line.close(),
  };
}
