import type { Driver, Shell, ShellSize } from "../../../drivers/driver.ts";
import type { Message } from "../../../workbench/message.ts";
import type { WorkbenchState } from "../../../workbench/state.ts";
import { contentSize, layoutOf, placedPane } from "../../layout.ts";
import { loadEmulator } from "./emulator.ts";

/** The one shell that is open, if any. */
export interface ShellKeeper {
  open(): Promise<void>;
  type(data: string): void;
  /** Its terminal is as large as its pane. */
  fit(): void;
}

export interface ShellKeeping {
  readonly driver: Driver;
  state(): WorkbenchState;
  dispatch(message: Message): void;
}

export function createShellKeeper({ driver, state, dispatch }: ShellKeeping): ShellKeeper {
  let shell: Shell | null = null;
  let size: ShellSize | null = null;
  // What is typed while it opens is typed into it.
  let waiting = "";
  /** Null: the pane is not on screen. */
  const sizeOf = (): ShellSize | null => {
    const placed = placedPane(layoutOf({ state: state(), mode: driver.mode }), "shell");
    if (placed === null) return null;
    const { width, height } = contentSize(placed);
    return { columns: Math.max(2, width), rows: Math.max(1, height) };
  };
  return {
    async open() {
      await loadEmulator();
      const { steps, step } = state();
      size = sizeOf() ?? { rows: 10, columns: 78 };
      shell = await driver.shell(steps[step] ?? "", size);
      if (waiting !== "") shell?.write(waiting);
      waiting = "";
      const opened = shell !== null;
      await shell?.ended;
      shell = null;
      dispatch({ kind: "shell-ended", opened });
    },
    type(data) {
      if (shell === null) waiting += data;
      else shell.write(data);
    },
    fit() {
      if (shell === null) return;
      const wanted = sizeOf();
      if (wanted === null || (wanted.rows === size?.rows && wanted.columns === size.columns))
        return;
      size = wanted;
      shell.resize(wanted);
    },
  };
}
