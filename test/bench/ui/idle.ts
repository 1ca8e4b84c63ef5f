import type { Figure } from "../figure.ts";
import { program } from "../programs.ts";
import { cpuSeconds } from "./process.ts";
import { openTerminal } from "./terminal.ts";

/** A lesson that somebody reads: a step has been played, and no key is pressed. */
export async function idleFigure(seconds: number): Promise<Figure> {
  const size = { columns: 200, rows: 60 };
  const terminal = openTerminal([program, "lesson", "cgroups", "--replay"], size);
  try {
    await terminal.until("REPLAY");
    await sleep(2000);
    for (const _ of ["first step", "run"]) {
      terminal.write("\r");
      await sleep(1000);
    }
    await terminal.until("Enter goes on");
    await sleep(2000);
    const before = cpuSeconds(terminal.pid);
    const bytes = terminal.bytes();
    await sleep(seconds * 1000);
    return {
      name: "idle-cpu-percent",
      value: (100 * (cpuSeconds(terminal.pid) - before)) / seconds,
      atMost: 1,
      detail: `over ${seconds} s, and ${terminal.bytes() - bytes} bytes written`,
    };
  } finally {
    await terminal.kill();
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
