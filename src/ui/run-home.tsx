import { Box, type Key, render, Text, useApp, useInput, usePaste } from "ink";
import { useEffect, useSyncExternalStore } from "react";
import {
  chosen,
  type HomeChoice,
  type HomeLesson,
  type HomeMessage,
  type HomeState,
  initialHome,
  updateHome,
} from "../workbench/home.ts";
import { homeRequest } from "./home-keys.ts";
import { homeLines } from "./home-lines.ts";
import { presses } from "./presses.ts";
import { onSuspending, suspendJob } from "./suspending.ts";
import { createPaint, type Paint, wantsColour } from "./theme.ts";
import { onTrouble } from "./trouble.ts";

export interface HomeOptions {
  readonly lessons: readonly HomeLesson[];
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** The home screen until the learner has chosen; the terminal then is as it was. */
export async function runHome(options: HomeOptions): Promise<HomeChoice> {
  const { stdin, stdout, lessons } = options;
  const { promise, resolve, reject } = Promise.withResolvers<HomeChoice>();
  const store = createHomeStore(initialHome(lessons, sizeOf(stdout)));
  const resize = (): void => store.dispatch({ kind: "resized", ...sizeOf(stdout) });
  const stopTrouble = onTrouble(options, {
    left: () => resolve({ kind: "interrupted" }),
    failed: reject,
  });
  stdout.on("resize", resize);
  const paint = createPaint({ colour: wantsColour(process.env) });
  const screen = render(<Home store={store} paint={paint} choose={resolve} />, {
    ...{ stdin, stdout, alternateScreen: true, exitOnCtrlC: false },
    // Ink would take CI=true for a reason to draw nothing.
    interactive: stdout.isTTY,
    incrementalRendering: true,
  });
  screen.waitUntilExit().catch(reject);
  try {
    return await promise;
  } finally {
    stdout.off("resize", resize);
    screen.unmount();
    await screen.waitUntilExit().catch(() => {});
    stopTrouble();
  }
}

interface HomeStore {
  getState(): HomeState;
  dispatch(message: HomeMessage): void;
  subscribe(listener: () => void): () => void;
}

function createHomeStore(initial: HomeState): HomeStore {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch(message) {
      state = updateHome(state, message);
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface HomeProps {
  readonly store: HomeStore;
  readonly paint: Paint;
  readonly choose: (choice: HomeChoice) => void;
}

function Home({ store, paint, choose }: HomeProps) {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const { suspendTerminal } = useApp();
  useEffect(() => onSuspending(suspendTerminal), [suspendTerminal]);
  useInput((input, key) => {
    for (const press of presses(input, key)) ask(press.input, press.key);
  });
  // Pasted text is something to search for, or nothing: a `q` in it must not quit.
  usePaste((text) => store.dispatch({ kind: "typed", text: text.replace(/\p{C}+/gu, " ") }));

  const ask = (input: string, key: Partial<Key>): void => {
    const request = homeRequest(store.getState(), input, key);
    if (request === null) return;
    if (request.kind === "message") store.dispatch(request.message);
    else if (request.kind === "suspend") suspendJob();
    else if (request.kind === "choose") {
      const choice = chosen(store.getState(), request.anew);
      if (choice !== null) choose(choice);
    } else choose(request);
  };
  return <HomeScreen state={state} paint={paint} />;
}

/** One whole frame. */
export function HomeScreen({ state, paint }: { readonly state: HomeState; readonly paint: Paint }) {
  return (
    <Box flexDirection="column" width={state.columns} height={state.rows}>
      {homeLines(state).map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen
        <Text key={row} wrap="truncate">
          {line.length === 0 ? " " : paint(line)}
        </Text>
      ))}
    </Box>
  );
}

/** A terminal that does not know its size has the usual one. */
function sizeOf({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}
