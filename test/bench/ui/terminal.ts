import { type IPty, spawn } from "@lydell/node-pty";
import { node } from "../programs.ts";

/** A program of Node's on a real pseudoterminal (pty(7)), as a bench needs it. */
export interface BenchTerminal {
  readonly pid: number;
  write(keys: string): void;
  /** Everything it has written since `mark`, without its colours. */
  mark(): void;
  /** Milliseconds until what came since the mark shows this; rejects when that takes too long. */
  until(wanted: string, within?: number): Promise<number>;
  bytes(): number;
  kill(): Promise<void>;
}

const PATIENCE = 30_000;

export function openTerminal(
  args: readonly string[],
  size: { readonly columns: number; readonly rows: number },
): BenchTerminal {
  // CI=1 makes some programs print for a log instead of for a terminal.
  const { CI: _, ...env } = process.env;
  const { columns: cols, rows } = size;
  const pty: IPty = spawn(node, [...args], { cols, rows, name: "xterm-256color", env });
  let text = "";
  let bytes = 0;
  let waiting: (() => void) | null = null;
  const gone = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  pty.onData((chunk) => {
    bytes += chunk.length;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: SGR (console_codes(4))
    text = (text + chunk.replaceAll(/\x1b\[[\d;]*m/g, "")).slice(-100_000);
    waiting?.();
  });
  return {
    pid: pty.pid,
    write: (keys) => pty.write(keys),
    mark: () => {
      text = "";
    },
    until(wanted, within = PATIENCE) {
      const begun = performance.now();
      return new Promise((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(late);
          waiting = null;
        };
        const late = setTimeout(() => {
          stop();
          reject(new Error(`it never showed ${wanted}: ${JSON.stringify(text.slice(-2000))}`));
        }, within);
        waiting = () => {
          if (!text.includes(wanted)) return;
          stop();
          resolve(performance.now() - begun);
        };
        waiting();
      });
    },
    bytes: () => bytes,
    async kill() {
      pty.kill("SIGKILL");
      await gone;
    },
  };
}
