import type { Check } from "../lesson/lesson.ts";
import type { Clock } from "../sources/clock.ts";
import { HelperRefusal } from "../sources/helper.ts";
import type { Lab } from "../sources/lab.ts";
import type { Probe } from "../timeline/event.ts";

/** Looks for the checks of one attempt at a step. */
export interface Prober {
  /** Before the first command: everything is told. */
  before(): Promise<void>;
  /** After the last one; asked again, it tells what is different now. */
  after(): Promise<void>;
}

export interface ProberOptions {
  readonly lab: Lab;
  readonly clock: Clock;
  readonly checks: readonly Check[];
}

/** Each file is read and each command run once a look, however many checks ask about it. */
export function createProber({ lab, clock, checks }: ProberOptions): Prober {
  const claims = checks.map(({ claim }) => claim);
  const files = new Set(claims.flatMap((each) => (each.kind === "file" ? [each.path] : [])));
  const commands = new Set(
    claims.flatMap((each) => (each.kind === "command" ? [each.command] : [])),
  );
  const told = new Map<string, string>();
  const tell = async (name: string, look: () => Promise<Found>): Promise<void> => {
    const found = await lookedAt(look);
    const text = JSON.stringify(found);
    if (told.get(name) === text) return;
    told.set(name, text);
    const place = name.startsWith(COMMAND)
      ? { path: "", command: name.slice(COMMAND.length) }
      : { path: name };
    lab.emit({ kind: "probe", t: clock.now(), ...place, ...found });
  };
  const look = async (): Promise<void> => {
    for (const path of files) await tell(path, async () => ({ text: await lab.read(path) }));
    for (const command of commands) await tell(COMMAND + command, () => lab.capture(command));
  };
  return {
    async before() {
      await look();
      // What is still so afterwards is told again: a check may ask whether it stayed the same.
      told.clear();
    },
    after: look,
  };
}

type Found = Pick<Probe, "text" | "error">;

/** No file's name, which begins with a slash. */
const COMMAND = "$ ";

async function lookedAt(look: () => Promise<Found>): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof HelperRefusal)) throw error;
    return { text: null, error: error.message };
  }
}
