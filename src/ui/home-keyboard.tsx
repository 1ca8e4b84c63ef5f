import { type Key, useInput, usePaste } from "ink";
import type { HomeState } from "../workbench/home.ts";
import { type HomeRequest, homeRequest } from "./home-keys.ts";
import { homePointedAt } from "./home-pointing.ts";
import { useLending } from "./lending.ts";
import { presses } from "./presses.ts";
import { type Keyboard, type KeyboardSource, readKeyboard } from "./read-keyboard.ts";
import type { Screen } from "./screen.ts";

interface HomeProps {
  readonly screen: Pick<Screen, "lend" | "takeBack">;
  getState(): HomeState;
  ask(request: HomeRequest): void;
}

/** Reads the home screen's keyboard and mouse. Loaded when it is drawn: it brings Ink. */
export function openHomeKeyboard({
  getState,
  ask,
  screen,
  ...source
}: HomeProps & Omit<KeyboardSource, "pointed">): Keyboard {
  return readKeyboard(<Home {...{ getState, ask, screen }} />, {
    ...source,
    pointed(pointed) {
      const request = homePointedAt(getState(), pointed);
      if (request !== null) ask(request);
    },
  });
}

function Home({ getState, ask, screen }: HomeProps) {
  useLending(screen);
  const press = (input: string, key: Partial<Key>): void => {
    const request = homeRequest(getState(), input, key);
    if (request !== null) ask(request);
  };
  useInput((input, key) => {
    for (const each of presses(input, key)) press(each.input, each.key);
  });
  // Pasted text is something to search for, or nothing: a `q` in it must not quit.
  usePaste((text) =>
    ask({ kind: "message", message: { kind: "typed", text: text.replace(/\p{C}+/gu, " ") } }),
  );
  return null;
}
