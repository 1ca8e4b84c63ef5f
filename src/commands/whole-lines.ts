import type { Event, Output } from "../timeline/event.ts";

/**
 * Output in whole lines, for a transcript: programs write as they like, some a word at a time. What
 * has no newline yet waits for it, or for the end of its run, or of the session.
 */
export function createWholeLines(): (event: Event) => Event[] {
  const open = new Map<string, Output>();
  const finish = (run: number | null): Event[] => {
    const ended = [...open].filter(([, output]) => run === null || output.run === run);
    for (const [key] of ended) open.delete(key);
    return ended.map(([, output]) => output);
  };
  return (event) => {
    if (event.kind === "run.exit") return [...finish(event.run), event];
    if (event.kind === "session.end") return [...finish(null), event];
    if (event.kind !== "output" || event.stream === "pty" || event.text === undefined)
      return [event];
    const key = `${event.run} ${event.stream}`;
    const text = (open.get(key)?.text ?? "") + event.text;
    const end = text.lastIndexOf("\n") + 1;
    open.delete(key);
    if (end < text.length) open.set(key, { ...event, text: text.slice(end) });
    return end === 0 ? [] : [{ ...event, text: text.slice(0, end) }];
  };
}
