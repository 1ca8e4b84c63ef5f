export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
  /** The goal is the least it must be; else the most. */
  readonly least: boolean;
}

/** `figure value goal ok|short` */
export function printFigure({ name, value, goal, least }: Figure): boolean {
  const ok = least ? value >= goal : value <= goal;
  console.log(`${name} ${+value.toFixed(2)} ${least ? "≥" : "≤"}${goal} ${ok ? "ok" : "short"}`);
  return ok;
}
