import {
  chosen,
  type HomeChoice,
  type HomeLesson,
  type HomeState,
  initialHome,
  updateHome,
} from "../workbench/home.ts";
import type { HomeRequest } from "./home-keys.ts";
import { homeLines } from "./home-lines.ts";
import type { Keyboard } from "./read-keyboard.ts";
import { openScreen, sizeOf } from "./screen.ts";
import { suspendJob } from "./suspending.ts";
import { createPaint, wantsColour } from "./theme.ts";
import { onTrouble } from "./trouble.ts";

export interface HomeOptions {
  readonly lessons: readonly HomeLesson[];
  /** The terminal's mouse chooses. */
  readonly mouse: boolean;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** The home screen until the learner has chosen; the terminal then is as it was. */
export async function runHome(options: HomeOptions): Promise<HomeChoice> {
  const { stdin, stdout, lessons, mouse } = options;
  const { promise, resolve, reject } = Promise.withResolvers<HomeChoice>();
  // What may go wrong comes before anybody waits for it.
  promise.catch(() => {});
  let state = initialHome(lessons, sizeOf(stdout));
  const stopTrouble = onTrouble(options, {
    left: () => resolve({ kind: "interrupted" }),
    failed: reject,
  });
  const paint = createPaint({ colour: wantsColour(process.env) });
  const frame = (): string[] => homeLines(state).map(paint);
  const screen = openScreen({ stdin, stdout, mouse, frame, failed: reject });
  const change = (changed: HomeState): void => {
    state = changed;
    screen.changed();
  };
  const ask = (request: HomeRequest): void => {
    if (request.kind === "message") change(updateHome(state, request.message));
    else if (request.kind === "suspend") suspendJob();
    else if (request.kind === "choose") {
      const choice = chosen(state, request.anew);
      if (choice !== null) resolve(choice);
    } else resolve(request);
  };
  const resize = (): void => change(updateHome(state, { kind: "resized", ...sizeOf(stdout) }));
  stdout.on("resize", resize);
  let keyboard: Keyboard | undefined;
  try {
    screen.draw();
    // The first frame does not wait for Ink.
    const { openHomeKeyboard } = await import("./home-keyboard.tsx");
    const getState = (): HomeState => state;
    keyboard = openHomeKeyboard({ stdin, stdout, screen, getState, ask, failed: reject });
    return await promise;
  } finally {
    stdout.off("resize", resize);
    await keyboard?.close();
    screen.leave();
    stopTrouble();
  }
}
