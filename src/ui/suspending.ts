interface Suspension {
  /** Takes the terminal again and draws everything anew. */
  resume(): Promise<void>;
}

/**
 * Job control (signal(7), setpgid(2)): whoever is stopped gives the terminal back first, and draws
 * anew when continued. The lab goes on meanwhile; what it tells waits in a pipe. Returns how to
 * stop listening.
 */
export function onSuspending(suspendTerminal: () => Promise<Suspension>): () => void {
  let busy = false;
  const around = (stop: () => void): void => {
    if (busy) return;
    busy = true;
    stopListening();
    suspendTerminal()
      .then((suspension) => {
        stop();
        // The window may have another size by now; only its foreground group was told.
        process.emit("SIGWINCH", "SIGWINCH");
        return suspension.resume();
      })
      .catch(() => {})
      .finally(() => {
        busy = false;
        if (!over) listen();
      });
  };
  // Nobody listens any more, so the kernel's default holds, and this returns once we are continued.
  const suspended = (): void => around(() => process.kill(process.pid, "SIGTSTP"));
  // Who was stopped by SIGSTOP had no time to prepare: the terminal is the shell's by now.
  const continued = (): void => around(() => {});
  const listen = (): void => {
    process.on("SIGTSTP", suspended);
    process.on("SIGCONT", continued);
  };
  const stopListening = (): void => {
    process.off("SIGTSTP", suspended);
    process.off("SIGCONT", continued);
  };
  let over = false;
  listen();
  return () => {
    over = true;
    stopListening();
  };
}

/** Ctrl-Z as the terminal would do it (termios(3), ISIG): our whole process group hears of it. */
export function suspendJob(): void {
  process.kill(0, "SIGTSTP");
}
