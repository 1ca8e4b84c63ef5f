/** A command line that makes a container out of a bundle. */
export interface RuntimeCommand {
  /** `runc`, `crun`. */
  readonly runtime: string;
  /** Where the runtime keeps its notes, a directory for each container. */
  readonly root: string;
  /** `--bundle`; null: the directory it was called in. */
  readonly bundle: string | null;
  readonly container: string;
}

/** Runtimes whose notes we can read, with their usual root directories. */
const ROOTS: Readonly<Record<string, string>> = { runc: "/run/runc", crun: "/run/crun" };

/** Null for what makes no container. */
export function runtimeCommand(argv: readonly string[]): RuntimeCommand | null {
  const [program = "", ...rest] = argv;
  const runtime = program.split("/").at(-1) ?? "";
  const usual = Object.hasOwn(ROOTS, runtime) ? ROOTS[runtime] : undefined;
  const verb = rest.findIndex((word) => word === "create" || word === "run");
  const container = rest.at(-1) ?? "";
  if (usual === undefined || verb < 0 || verb === rest.length - 1) return null;
  if (container.startsWith("-")) return null;
  return {
    runtime,
    root: option(rest.slice(0, verb), ["--root"]) ?? usual,
    bundle: option(rest.slice(verb + 1), ["--bundle", "-b"]),
    container,
  };
}

/** The value of an option, as `--name value` or `--name=value`. */
function option(words: readonly string[], names: readonly string[]): string | null {
  for (const [index, word] of words.entries()) {
    if (names.includes(word)) return words[index + 1] ?? null;
    const name = names.find((each) => word.startsWith(`${each}=`));
    if (name !== undefined) return word.slice(name.length + 1);
  }
  return null;
}

/** What a runtime noted about a container. */
export interface RuntimeNote {
  readonly labPid: number;
  /** Null where the note does not say it. */
  readonly bundle: string | null;
}

/** The file of the note below `root/container`. */
export function noteFile(runtime: string): string {
  return runtime === "crun" ? "status" : "state.json";
}

/**
 * The note's text, of which the end may be missing: runc's holds the whole seccomp filter. Null
 * while there is no process yet.
 */
export function readNote(text: string): RuntimeNote | null {
  const pid = Number(/"(?:init_process_pid|pid)"\s*:\s*(\d+)/.exec(text)?.[1] ?? 0);
  if (pid === 0) return null;
  const bundle = /"bundle=((?:[^"\\]|\\.)*)"|"bundle"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text);
  const quoted = bundle?.[1] ?? bundle?.[2];
  return { labPid: pid, bundle: quoted === undefined ? null : unquote(quoted) };
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
