import { useApp } from "ink";
import { useEffect } from "react";
import type { Screen } from "./screen.ts";
import { onSuspending } from "./suspending.ts";

/** Lends the screen to the shell while the job is stopped; the keyboard as well, which Ink has. */
export function useLending(screen: Pick<Screen, "lend" | "takeBack">): void {
  const { suspendTerminal } = useApp();
  useEffect(() => {
    const lend = async () => {
      const { resume } = await suspendTerminal();
      screen.lend();
      return { resume: () => resume().then(screen.takeBack) };
    };
    return onSuspending(lend);
  }, [suspendTerminal, screen]);
}
