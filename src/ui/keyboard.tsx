import { render } from "ink";
import { App, type AppProps } from "./app.tsx";
import { type Pointed, withoutMouse } from "./mouse.ts";
import { pointedAt } from "./pointing.ts";

export interface KeyboardOptions extends Omit<AppProps, "now"> {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** Reads the keyboard until it is closed. Loaded when a frame is on the screen: it brings Ink. */
export function openKeyboard(
  { stdin, stdout, store, viewOf, panes, screen }: KeyboardOptions,
  failed: (error: unknown) => void,
): { close(): Promise<void> } {
  const now = (): number => performance.now();
  const point = (pointed: Pointed): void => {
    for (const message of pointedAt(viewOf(store.getState()), panes, pointed))
      store.dispatch(message);
  };
  const ink = render(<App {...{ store, viewOf, panes, screen, now }} />, {
    ...{ stdin: withoutMouse(stdin, point), stdout, exitOnCtrlC: false, patchConsole: false },
    // Ink would take CI=true for a reason to read nothing.
    interactive: stdout.isTTY,
  });
  ink.waitUntilExit().catch(failed);
  return {
    async close() {
      ink.unmount();
      await ink.waitUntilExit().catch(() => {});
    },
  };
}
