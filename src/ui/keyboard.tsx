import { App, type AppProps } from "./app.tsx";
import type { Pointed } from "./mouse.ts";
import { pointedAt } from "./pointing.ts";
import { type Keyboard, type KeyboardSource, readKeyboard } from "./read-keyboard.ts";

export type KeyboardOptions = Omit<AppProps, "now"> & Pick<KeyboardSource, "stdin" | "stdout">;

/** Reads the keyboard until it is closed. Loaded when a frame is on the screen: it brings Ink. */
export function openKeyboard(
  { stdin, stdout, store, viewOf, panes, screen }: KeyboardOptions,
  failed: (error: unknown) => void,
): Keyboard {
  const now = (): number => performance.now();
  const pointed = (what: Pointed): void => {
    for (const message of pointedAt(viewOf(store.getState()), panes, what)) store.dispatch(message);
  };
  const app = <App {...{ store, viewOf, panes, screen, now }} />;
  return readKeyboard(app, { stdin, stdout, pointed, failed });
}
