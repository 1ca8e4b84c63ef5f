import type { Event, Syscall } from "../timeline/event.ts";
import { isNoise, isQuestion } from "./call-noise.ts";
import { errnoMeaning } from "./errno-meanings.ts";
import { netlinkFailure } from "./netlink-failure.ts";
import { shownCall } from "./shown-call.ts";

/** A system call of an attempt that failed and may be why a check does not hold. */
export interface FailedCall {
  /** As in `mount`; of a request to the network part of the kernel its type, `RTM_NEWLINK`. */
  readonly name: string;
  readonly errno: string;
  /** The path, or what else the call was about; empty when there is nothing to name. */
  readonly about: string;
  /** Who made it last. */
  readonly labPid: number;
  readonly times: number;
  /** `mount("proc", "/proc") failed with EPERM: what that means`. */
  readonly sentence: string;
}

/**
 * The calls of an attempt that failed and matter, the likeliest cause first, each once. Without
 * strace there are none.
 *
 * @param attempt its events (check.ts, lastAttempt)
 */
export function failedCalls(attempt: readonly Event[]): FailedCall[] {
  const exits = exitCodes(attempt);
  const calls = attempt
    .filter((event) => event.kind === "syscall")
    .filter(({ origin }) => origin === undefined);
  const candidates = withoutSearches(calls).flatMap((call, index) => candidate(call, index, exits));
  const merged = new Map<string, Candidate>();
  for (const each of withoutNameless(withoutOldQuestions(candidates))) {
    const known = merged.get(each.shown + each.errno);
    const score = Math.max(known?.score ?? 0, each.score);
    merged.set(each.shown + each.errno, { ...each, score, times: (known?.times ?? 0) + 1 });
  }
  return [...merged.values()]
    .sort((one, other) => other.score - one.score || other.index - one.index)
    .map((each) => {
      const { name, errno, about, labPid, times } = each;
      return { name, errno, about, labPid, times, sentence: sentenceOf(each) };
    });
}

interface Candidate extends Omit<FailedCall, "sentence"> {
  /** The call as the sentence begins with it. */
  readonly shown: string;
  /** The kernel's own words, when it gave any. */
  readonly says: string | null;
  readonly index: number;
  readonly question: boolean;
  readonly score: number;
}

function candidate(call: Syscall, index: number, exits: ReadonlyMap<number, number>): Candidate[] {
  const { labPid } = call;
  const netlink = netlinkFailure(call);
  const failed = netlink !== null || call.errno !== undefined;
  if (!failed) return [];
  const { name, errno, about, shown, says } = netlink ?? {
    ...{ ...shownCall(call), errno: call.errno ?? "", says: null },
  };
  const exit = exits.get(labPid);
  const gaveUp = exit !== undefined && exit !== 0;
  if (exit === 0 && COPED_WITH.test(`${name} ${errno}`)) return [];
  const question = netlink === null && isQuestion(call);
  if (netlink === null && (isNoise(call, about, exit) || (question && !gaveUp))) return [];
  const score = weightOf(name, question) + (PLAIN.has(errno) ? 0 : 2) + (gaveUp ? 2 : 0);
  return [{ name, errno, about, labPid, times: 1, shown, says, index, question, score }];
}

/** What containers are made of. */
const MAKING =
  /^(mount|umount2?|move_mount|fsconfig|fsmount|pivot_root|chroot|unshare|setns|clone3?|v?fork|execve|mknod(at)?|sethostname|set\w*[ug]id|setgroups|capset|(RTM|NFT|NFNL|IPCTNL)_\w+|a netlink request|bpf|write|swapoff|ptrace|seccomp)$/;
/** Programs often meet these and go on: `mkdir -p`, `rm -f`, trying one name after the other. */
const PLAIN = new Set(["ENOENT", "EEXIST", "ESRCH"]);

/** `mkdir -p` and `rm -f`, when their program ended well. */
const COPED_WITH = /^(mkdir(at)? EEXIST|unlink(at)? ENOENT|rmdir ENOENT)$/;

function weightOf(name: string, question: boolean): number {
  if (question) return 0;
  return MAKING.test(name) ? 3 : 2;
}

/** labPid → exit status; a process that a signal ended counts as one that gave up. */
function exitCodes(attempt: readonly Event[]): Map<number, number> {
  const codes = new Map<number, number>();
  for (const event of attempt) {
    if (event.kind !== "trace.signal" && event.kind !== "process.exit") continue;
    if (event.kind === "trace.signal" && event.event !== "exited" && event.event !== "killed")
      continue;
    if (event.labPid !== undefined) codes.set(event.labPid, event.code ?? 128);
  }
  return codes;
}

/**
 * Of a search along PATH nothing is left when it found the program, and its first try, under the
 * program's own name, when it did not.
 */
function withoutSearches(calls: readonly Syscall[]): Syscall[] {
  const found = new Set<string>();
  const kept: Syscall[] = [];
  // From the end: what comes of a search is known before its tries.
  for (const call of calls.toReversed()) {
    const program = call.name === "execve" ? (call.args[0]?.match(/([^/"]+)"/)?.[1] ?? "") : null;
    const search = `${call.labPid} ${program}`;
    if (program !== null && found.has(search) && /^(ENOENT|EACCES)$/.test(call.errno ?? ""))
      continue;
    if (program !== null) found.add(search);
    kept.push(call);
  }
  return kept.reverse();
}

/** Of what a program that gave up did not find only the last matters. */
function withoutOldQuestions(candidates: readonly Candidate[]): Candidate[] {
  const last = new Map<number, Candidate>();
  for (const each of candidates) if (each.question) last.set(each.labPid, each);
  return candidates.filter((each) => !each.question || last.get(each.labPid) === each);
}

/** `ip link add` first asks whether the kernel could, naming no link. */
function withoutNameless(candidates: readonly Candidate[]): Candidate[] {
  const named = new Set(
    candidates.flatMap(({ name, errno, about }) => (about === "" ? [] : [`${name} ${errno}`])),
  );
  return candidates.filter(
    ({ name, errno, about }) =>
      about !== "" || !/^[A-Z]/.test(name) || !named.has(`${name} ${errno}`),
  );
}

function sentenceOf({ name, errno, about, times, shown, says }: Candidate): string {
  const often = times === 1 ? "" : `, ${times} times`;
  const meaning = says === null ? errnoMeaning(errno, name, about) : `the kernel says "${says}"`;
  return `${shown} failed with ${errno}${often}${meaning === null ? "" : `: ${meaning}`}`;
}
