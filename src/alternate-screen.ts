/** A terminal's output. */
interface Output {
  write(text: string): unknown;
}

interface Taken {
  /** Ends looking after it. */
  readonly stop: () => void;
  mouse: boolean;
}

/** Terminals whose alternate screen is ours now. */
const taken = new Map<Output, Taken>();
/** Presses and the wheel (1000), in the form that has room for large terminals (1006); xterm's. */
const MOUSE_ON = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF = "\x1b[?1006l\x1b[?1000l";
/** Until somebody looks after signals, they still end or stop this process, the screen given back. */
let stopEarly: () => void = () => {};

/**
 * Takes a terminal's alternate screen (console_codes(4), mode 1049) and hides the cursor. However
 * this process ends by itself, the screen that was there before comes back first: an error must be
 * readable on it. Where it is ours already, whoever calls looks after signals from now on.
 * `mouse`: the terminal also tells what the mouse does.
 */
export function takeScreen(output: Output, mouse = false): void {
  stopEarly();
  if (!taken.has(output)) {
    const giveBack = (): void => giveScreenBack(output);
    taken.set(output, {
      stop: onEach(["exit", "uncaughtExceptionMonitor"], giveBack),
      mouse: false,
    });
    output.write("\x1b[?1049h\x1b[?25l");
  }
  const ours = taken.get(output) as Taken;
  if (!mouse || ours.mouse) return;
  ours.mouse = true;
  output.write(MOUSE_ON);
}

/** Takes it before there is anything to show but these words. */
export function takeScreenEarly(output: Output, words: string): void {
  takeScreen(output);
  // Once nobody listens any more the kernel's default holds (signal(7)).
  const stop = onEach(["SIGINT", "SIGTERM", "SIGHUP", "SIGTSTP"], (signal) => {
    giveScreenBack(output);
    process.kill(process.pid, signal as NodeJS.Signals);
  });
  stopEarly = () => {
    stop();
    stopEarly = () => {};
  };
  output.write(`\x1b[H${words}`);
}

/** The screen as it was before, with its cursor. Does nothing where it was not taken. */
export function giveScreenBack(output: Output): void {
  const ours = taken.get(output);
  if (ours === undefined) return;
  stopEarly();
  taken.delete(output);
  ours.stop();
  output.write(`${ours.mouse ? MOUSE_OFF : ""}\x1b[?1049l\x1b[?25h`);
}

function onEach(events: readonly string[], listener: (event: string) => void): () => void {
  const listeners = events.map((event) => ({ event, heard: () => listener(event) }));
  for (const { event, heard } of listeners) process.on(event, heard);
  return () => {
    for (const { event, heard } of listeners) process.off(event, heard);
  };
}
