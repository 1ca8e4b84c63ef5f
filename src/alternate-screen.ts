/** A terminal's output. */
interface Output {
  write(text: string): unknown;
}

/** Terminals whose alternate screen is ours now, and how to stop looking after each. */
const taken = new Map<Output, () => void>();

/**
 * Takes a terminal's alternate screen (console_codes(4), mode 1049) and hides the cursor. However
 * this process ends by itself, the screen that was there before comes back first: an error must be
 * readable on it. Does nothing where it is ours already.
 */
export function takeScreen(output: Output): void {
  if (taken.has(output)) return;
  const giveBack = (): void => giveScreenBack(output);
  process.on("exit", giveBack);
  process.on("uncaughtExceptionMonitor", giveBack);
  taken.set(output, () => {
    process.off("exit", giveBack);
    process.off("uncaughtExceptionMonitor", giveBack);
  });
  output.write("\x1b[?1049h\x1b[?25l");
}

/** The screen as it was before, with its cursor. Does nothing where it was not taken. */
export function giveScreenBack(output: Output): void {
  const stop = taken.get(output);
  if (stop === undefined) return;
  taken.delete(output);
  stop();
  output.write("\x1b[?1049l\x1b[?25h");
}

export function hasScreen(output: Output): boolean {
  return taken.has(output);
}
