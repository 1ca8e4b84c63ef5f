import type { Event } from "../../../src/timeline/event.ts";

/**
 * What a shell makes that starts programs as fast as it can, `while :; do tool; done`: ten events a
 * program, as strace, the proc connector and the program's output tell them, several at a time.
 * Nothing of an event is shared with another: sources make each anew from what they read.
 */
export interface FloodSource {
  /** The next `count` events, in order of time, from `from` to before `to` (nanoseconds). */
  next(count: number, from: number, to: number): Event[];
}

/** The kernel's pid_max on a 64-bit system with systemd. */
const PID_MAX = 4_194_304;
const SHELL = 4000;
/** Programs under way at the same time. */
const ABREAST = 8;

export function createFloodSource(): FloodSource {
  let lastPid = SHELL;
  const newLife = (): Generator<Event, void, number> => {
    lastPid = lastPid + 1 < PID_MAX ? lastPid + 1 : 300;
    return life(lastPid);
  };
  const lives = Array.from({ length: ABREAST }, newLife);
  lives.forEach((each) => void each.next(0));
  let turn = 0;
  const one = (t: number): Event => {
    turn = (turn + 1) % ABREAST;
    const { value } = (lives[turn] as Generator<Event, void, number>).next(t);
    if (value !== undefined) return value;
    lives[turn] = newLife();
    lives[turn]?.next(0);
    return lives[turn]?.next(t).value as Event;
  };
  return {
    next(count, from, to) {
      const step = (to - from) / count;
      return Array.from({ length: count }, (_, index) => one(Math.floor(from + index * step)));
    },
  };
}

/** One program's. Each `next(t)` gives what happens at that time; the first only begins. */
function* life(pid: number): Generator<Event, void, number> {
  const labPid = pid - 3900;
  const call = (t: number, name: string, args: string[], result: string): Event => {
    return { kind: "syscall", t, labPid, pid, run: 1, name, args, result, seconds: 0.000012 };
  };
  let t = yield undefined as unknown as Event;
  t = yield { kind: "process.fork", t, pid, ppid: SHELL, labPid };
  t = yield call(t, "execve", [`"/usr/bin/tool"`, `["tool", "${pid}"]`, "0x7ff /* 9 vars */"], "0");
  t = yield { kind: "process.exec", t, pid, labPid, comm: "tool", argv: ["tool", `${pid}`] };
  t = yield call(t, "openat", ["AT_FDCWD", `"/etc/ld.so.cache"`, "O_RDONLY|O_CLOEXEC"], "3");
  t = yield {
    ...{ kind: "syscall", t, labPid, pid, run: 1, name: "openat", seconds: 0.000009 },
    ...{ args: ["AT_FDCWD", `"/tmp/${pid}"`, "O_RDONLY"], result: "-1", errno: "ENOENT" },
  };
  t = yield call(t, "write", ["1<pipe:[71182]>", `"${pid} done\\n"`, "12"], "12");
  t = yield { kind: "output", t, run: 1, stream: "out", text: `${pid} done\n` };
  t = yield call(t, "exit_group", ["0"], "?");
  t = yield {
    ...{ kind: "trace.signal", t, labPid, pid, run: 1, event: "exited", code: 0 },
    text: "+++ exited with 0 +++",
  };
  yield { kind: "process.exit", t, pid, labPid, comm: "tool", code: 0 };
}
