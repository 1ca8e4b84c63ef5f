import type { CallEvent } from "./call-event.ts";
import type { Line } from "./line.ts";
import { abandonCall, type OpenCall } from "./open-call.ts";

/** The open calls, one a thread at most (a thread sits in one system call at a time). */
export class OpenCalls {
  private readonly calls = new Map<number, OpenCall>();
  /** Hears of every call that is opened (1) or ends (-1) on a process. */
  private readonly onChange: (pid: number, change: number) => void;

  constructor(onChange: (pid: number, change: number) => void) {
    this.onChange = onChange;
  }

  get pids(): Iterable<number> {
    return this.calls.keys();
  }

  get size(): number {
    return this.calls.size;
  }

  /** Keeps a call; one that its thread left open before goes to `out`. */
  start(call: OpenCall, out: { push(event: CallEvent): void }): void {
    this.abandon(call.pid, out);
    this.set(call.pid, call);
  }

  /**
   * Takes the call that `<... name resumed>` on `pid` ends, `name` standing at `at` of `bytes`.
   * Undefined when its start was not seen. On stderr a pid is printed only while two or more
   * processes are attached, so one call can start bare (-1) and resume as `[pid N]`, or the reverse.
   */
  take(pid: number, bytes: Uint8Array, at: number, length: number): OpenCall | undefined {
    const key = this.calls.has(pid) ? pid : pid < 0 ? this.onlyKey() : -1;
    const call = this.calls.get(key);
    if (call === undefined || !sameName(call, bytes, at, length)) {
      return isExec(bytes, at, length) ? this.takeMoved(bytes, at, length) : undefined;
    }
    this.delete(key);
    return call.pid < 0 && pid >= 0 ? { ...call, pid } : call;
  }

  /** With -qqq no line says that a thread's execve(2) moved to the leader: the last one did. */
  private takeMoved(bytes: Uint8Array, at: number, length: number): OpenCall | undefined {
    const [key, call] = [...this.calls]
      .filter(([, each]) => sameName(each, bytes, at, length))
      .reduce<[number, OpenCall] | []>(
        (last, each) =>
          last[1] === undefined || startOf(each[1]) > startOf(last[1]) ? each : last,
        [],
      );
    if (key !== undefined) this.delete(key);
    return call;
  }

  /** Takes whatever is open on `pid`, as the unfinished call it turned out to be. */
  abandon(pid: number, out: { push(event: CallEvent): void }): void {
    const call = this.calls.get(pid);
    if (call === undefined) return;
    this.delete(pid);
    out.push(abandonCall(call, "unfinished"));
  }

  /** Threaded execve(2): what `from` began ends on `to`. */
  move(from: number, to: number): void {
    const call = this.calls.get(from);
    if (call === undefined) return;
    this.delete(from);
    this.set(to, call);
  }

  /** Takes all, in the order they started. */
  abandonAll(): CallEvent[] {
    const calls = [...this.calls.values()].sort((a, b) => startOf(a) - startOf(b));
    for (const pid of [...this.calls.keys()]) this.delete(pid);
    return calls.map((call) => abandonCall(call, "unfinished"));
  }

  private set(pid: number, call: OpenCall): void {
    if (!this.calls.has(pid)) this.onChange(pid, 1);
    this.calls.set(pid, call);
  }

  private delete(pid: number): void {
    if (this.calls.delete(pid)) this.onChange(pid, -1);
  }

  private onlyKey(): number {
    return this.calls.size === 1 ? (this.calls.keys().next().value as number) : -1;
  }
}

function startOf(call: OpenCall): number {
  return (call.lines[0] as Line).number;
}

const exec = [..."execve"].map((char) => char.charCodeAt(0));

function isExec(bytes: Uint8Array, at: number, length: number): boolean {
  return length >= exec.length && exec.every((code, i) => bytes[at + i] === code);
}

function sameName(call: OpenCall, bytes: Uint8Array, at: number, length: number): boolean {
  const line = call.lines[0] as Line;
  const own = line.block.bytes;
  for (let i = 0; i < length; i++) if (own[line.from + i] !== bytes[at + i]) return false;
  return own[line.from + length] === 40 || call.headless;
}
