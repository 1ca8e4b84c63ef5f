/** Signals that ask for an end: the learner's Ctrl-C from outside, a shutdown, a closed terminal. */
const ENDING_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

interface Answers {
  /** Somebody wants it to end. */
  left(): void;
  /** Something of ours went wrong. */
  failed(error: unknown): void;
}

/**
 * Whatever may end the session from outside comes in here, so that the terminal is always
 * restored first. Returns how to stop listening.
 */
export function onTrouble({ stdin, stdout }: Terminal, { left, failed }: Answers): () => void {
  for (const signal of ENDING_SIGNALS) process.on(signal, left);
  process.on("uncaughtException", failed);
  // A terminal that is gone can be neither read (end) nor written (EIO).
  stdin.on("end", left);
  stdin.on("error", left);
  stdout.on("error", left);
  return () => {
    for (const signal of ENDING_SIGNALS) process.off(signal, left);
    process.off("uncaughtException", failed);
    stdin.off("end", left);
    stdin.off("error", left);
    stdout.off("error", left);
  };
}
