import { render } from "ink";
import type { ReactElement } from "react";
import { type Pointed, withoutMouse } from "./mouse.ts";

export interface KeyboardSource {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** The mouse did something. */
  pointed(pointed: Pointed): void;
  failed(error: unknown): void;
}

export interface Keyboard {
  close(): Promise<void>;
}

/** Has Ink read the keyboard for a component, which draws nothing, until it is closed. */
export function readKeyboard(
  keys: ReactElement,
  { stdin, stdout, pointed, failed }: KeyboardSource,
): Keyboard {
  const ink = render(keys, {
    ...{ stdin: withoutMouse(stdin, pointed), stdout, exitOnCtrlC: false, patchConsole: false },
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
