import { pickedHere } from "../workbench/picking.ts";
import type { View } from "./view.ts";

/**
 * What to type into the lab's shell to be where a process is, when one is picked in the tree: setns(2)
 * into each of its namespaces, and a shell of that place (nsenter(1)). Null: none is picked, or it is
 * gone, or it is the lab's own PID 1, where the shell is already.
 */
export function enterCommand({ state, world }: View): string | null {
  const entry = pickedHere(state);
  if (entry?.pane !== "processes" || state.replay) return null;
  const process = world.processes.get(Number(entry.key));
  if (process === undefined || process.exit !== null || process.labPid === null) return null;
  return process.labPid === 1 ? null : `nsenter -t ${process.labPid} -a sh`;
}
