/** What stands in front of a line's body, each part null when its option was not given. */
export interface Leader {
  /** The thread's id: -f with -o, `[pid N]` on stderr, --always-show-pid (6.9+). */
  readonly pid: number | null;
  /** -Y: the thread's name as printed, still C-escaped. */
  readonly comm: string | null;
  /** --secontext: the thread's SELinux context as printed, without brackets. */
  readonly context: string | null;
  /** -t, -tt, -ttt, --absolute-timestamps as printed: `10:45:58.022405`, `1795327976.116875`. */
  readonly time: string | null;
  /** Whole microseconds since 1970-01-01 UTC when `time` is an epoch form, else null. */
  readonly micros: number | null;
  /** -r as printed: seconds since the line before. */
  readonly relative: string | null;
  /** -n: the call's number as printed, or `???`. */
  readonly sysno: string | null;
  /** -i: the instruction pointer, 8 or 16 hexadecimal digits, or question marks. */
  readonly ip: string | null;
}

/** How the parts were laid out: what `printLeader` needs beside them. */
export interface Layout {
  /** `[pid    12] ` rather than `12    `. */
  readonly bracketed: boolean;
  /** Spaces before (bracketed) or behind (bare) the pid. */
  readonly pidPad: number;
  /** Spaces before the relative time. */
  readonly relativePad: number;
  /** `(+     0.000241)` rather than `     0.000920`. */
  readonly beside: boolean;
  /** The whole leader, when it is spelled in no way strace does; its parts are then null. */
  readonly strange: string | null;
}

export interface PrintedLeader extends Leader {
  readonly layout: Layout;
}

const form =
  /^(?:\[pid( +)(\d+)(?:<([^>]*)>)?\] |(\d{1,7})(?:<([^>]*)>)?( +))?(?:\[([^\]\s]*(?:_t|:|!!)[^\]\s]*)\] )?(?:(\d\d:\d\d:\d+(?:\.\d*)?|\d{9,}(?:\.\d*)?) )?(?:(\(\+)?( *)(\d+(?:\.\d*)?)\)? )?(?:\[( *\d+|\?\?\?)\] )?(?:\[([0-9a-f?]+)\] )?$/;

export const noLeader: PrintedLeader = {
  pid: null,
  comm: null,
  context: null,
  time: null,
  micros: null,
  relative: null,
  sysno: null,
  ip: null,
  layout: { bracketed: false, pidPad: 0, relativePad: 0, beside: false, strange: null },
};

/** Types a leader that `scanLeader` has cut off. */
export function readLeader(text: string): PrintedLeader {
  if (text === "") return noLeader;
  const common = readCommon(text);
  if (common !== null) return common;
  const match = form.exec(text);
  const leader = match === null ? noLeader : typeLeader(match);
  if (printLeader(leader) === text) return leader;
  return { ...noLeader, layout: { ...noLeader.layout, strange: text } };
}

const commonForm = /^([1-9]\d{0,6})( +)(?:(\d\d:\d\d:\d\d(?:\.\d+)?|\d{9,}(?:\.\d+)?) )?$/;
const commonLayouts = Array.from({ length: 7 }, (_, pidPad) => ({ ...noLeader.layout, pidPad }));

/** -f -o with -t, -tt or -ttt: what nearly every line has. */
function readCommon(text: string): PrintedLeader | null {
  const match = commonForm.exec(text);
  if (match === null) return null;
  const layout = commonLayouts[(match[2] as string).length];
  if (layout === undefined) return null;
  const time = match[3] ?? null;
  return {
    pid: Number(match[1]),
    comm: null,
    context: null,
    time,
    micros: toMicros(time),
    relative: null,
    sysno: null,
    ip: null,
    layout,
  };
}

function typeLeader(match: RegExpExecArray): PrintedLeader {
  const bracketed = match[1] !== undefined;
  const pid = match[2] ?? match[4];
  const time = match[8] ?? null;
  return {
    pid: pid === undefined ? null : Number(pid),
    comm: match[3] ?? match[5] ?? null,
    context: match[7] ?? null,
    time,
    micros: toMicros(time),
    relative: match[11] ?? null,
    sysno: match[12] ?? null,
    ip: match[13] ?? null,
    layout: {
      bracketed,
      pidPad: (match[1] ?? match[6] ?? "").length,
      relativePad: (match[10] ?? "").length,
      beside: match[9] !== undefined,
      strange: null,
    },
  };
}

/** The leader as strace printed it. */
export function printLeader(leader: PrintedLeader): string {
  const { pid, context, time, relative, sysno, ip, layout } = leader;
  if (layout.strange !== null) return layout.strange;
  return (
    (pid === null ? "" : printPid(leader, pid)) +
    (context === null ? "" : `[${context}] `) +
    (time === null ? "" : `${time} `) +
    (relative === null ? "" : printRelative(leader, relative)) +
    (sysno === null ? "" : `[${sysno}] `) +
    (ip === null ? "" : `[${ip}] `)
  );
}

function printPid({ comm, layout }: PrintedLeader, pid: number): string {
  const name = comm === null ? `${pid}` : `${pid}<${comm}>`;
  const pad = " ".repeat(layout.pidPad);
  return layout.bracketed ? `[pid${pad}${name}] ` : name + pad;
}

function printRelative({ layout }: PrintedLeader, relative: string): string {
  const seconds = " ".repeat(layout.relativePad) + relative;
  return layout.beside ? `(+${seconds}) ` : `${seconds} `;
}

function toMicros(time: string | null): number | null {
  if (time === null || time[2] === ":") return null;
  const dot = time.indexOf(".");
  const seconds = dot < 0 ? time : time.slice(0, dot);
  const fraction = dot < 0 ? "" : time.slice(dot + 1, dot + 7);
  const micros = Number(fraction.length === 6 ? fraction : fraction.padEnd(6, "0"));
  const total = Number(seconds) * 1_000_000 + micros;
  return Number.isSafeInteger(total) ? total : null;
}
