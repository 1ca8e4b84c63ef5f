import type { Syscall } from "../timeline/event.ts";

/** A call in the few words that a sentence has room for. */
export interface ShownCall {
  readonly name: string;
  /** The path that it was about, else its first text. */
  readonly about: string;
  /** `write(/sys/fs/cgroup/demo/memory.max, "16M\n")`. */
  readonly shown: string;
}

/** Calls whose flags and numbers say what was wanted; of others only texts and files are shown. */
const TOLD_BY_FLAGS =
  /^(unshare|setns|clone3?|kill|tgkill|prctl|ioctl|socket|umount2?|set\w*[ug]id|setgroups|capset|bpf|seccomp|ptrace|prlimit64|setrlimit)$/;
const LONGEST = 60;

export function shownCall({ name, args }: Syscall): ShownCall {
  const texts = args.flatMap((arg) => (arg.startsWith('"') ? arg : (addressOf(arg) ?? [])));
  const files = args.flatMap((arg) => fileOf(arg) ?? []);
  const words = args.flatMap((arg) => wordOf(arg, TOLD_BY_FLAGS.test(name)) ?? []);
  const path = texts.find((text) => text.startsWith('"/'));
  const about = path === undefined ? (files[0] ?? texts[0] ?? "") : path;
  return { name, about: unquoted(about), shown: `${name}(${words.join(", ")})` };
}

/** Who a socket's address is: a path, or address and port. */
function addressOf(arg: string): string | undefined {
  const [, path, port, host] =
    /sun_path=("[^"]*")|sin_port=htons\((\d+)\)[^}]*inet_addr\("([^"]*)"\)/.exec(arg) ?? [];
  return path ?? (host === undefined ? undefined : `"${host}:${port}"`);
}

/** `1</sys/fs/cgroup/tasks>` is about a file; `AT_FDCWD</root>` only says where we are. */
function fileOf(arg: string): string | undefined {
  return /^\d+<(\/[^>]+)>/.exec(arg)?.[1];
}

/** strace's spelling of an argument, shortened; nothing for pointers, sizes and structures. */
function wordOf(arg: string, withFlags: boolean): string | undefined {
  if (arg.startsWith('"')) return shortened(arg);
  const file = fileOf(arg);
  if (file !== undefined) return shortened(file);
  const address = addressOf(arg);
  if (address !== undefined) return shortened(address);
  const flags = /^(?:flags=)?([A-Z][A-Z0-9_]*(?:\|[A-Z0-9_]+)*)$/.exec(arg)?.[1];
  if (flags === "NULL" || flags?.startsWith("AT_") === true) return undefined;
  if (flags?.includes("CLONE_") === true) return namespaceFlags(flags);
  if (withFlags && flags !== undefined) return shortened(flags);
  return withFlags && /^-?\d+$/.test(arg) ? arg : undefined;
}

/** Of clone(2)'s flags those that make namespaces. */
function namespaceFlags(flags: string): string | undefined {
  const wanted = flags.split("|").filter((flag) => flag.startsWith("CLONE_NEW"));
  return wanted.length > 0 ? wanted.join("|") : undefined;
}

function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  return text.startsWith('"')
    ? `${text.slice(0, LONGEST - 2)}…"`
    : `${text.slice(0, LONGEST - 1)}…`;
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}
