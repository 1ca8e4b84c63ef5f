import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PANES } from "../lesson/panes.ts";
import { makeFolder } from "./make-folder.ts";
import { stateFolder } from "./state-folder.ts";

/** By pane, whole steps larger (or smaller) than usual; `{"events": 2}` in the file. */
type Sizes = Readonly<Record<string, number>>;

/** How large a learner wants the panes; anything that cannot be understood is the usual size. */
export function readPaneSizes(): Sizes {
  try {
    const known: unknown = JSON.parse(readFileSync(file(), "utf8"));
    const entries = Object.entries(known ?? {});
    const names: readonly string[] = PANES;
    return Object.fromEntries(
      entries.filter(([pane, size]) => names.includes(pane) && Number.isInteger(size)),
    );
  } catch {
    return {};
  }
}

/** Sizes are no work: where they cannot be kept, nothing is said. */
export function keepPaneSizes(sizes: Sizes): void {
  try {
    makeFolder(dirname(file()));
    const fresh = `${file()}.${process.pid}`;
    writeFileSync(fresh, `${JSON.stringify(sizes)}\n`, { mode: 0o600 });
    renameSync(fresh, file());
  } catch {}
}

function file(): string {
  return join(stateFolder(), "panes.json");
}
