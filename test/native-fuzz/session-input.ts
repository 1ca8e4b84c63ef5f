/** What a broken or hostile UI might write: requests that are right, half right and not at all. */
import type { createRandom } from "../strace-parser/fuzz-inputs.ts";

export type Random = ReturnType<typeof createRandom>;

export interface SessionInput {
  /** Written one after the other. */
  readonly chunks: readonly Buffer[];
  /** Ids of whole requests: each is answered exactly once, if `mustAnswer`. */
  readonly ids: readonly number[];
  readonly mustAnswer: boolean;
  /** How it ends: end of file, a signal, or nobody reads any longer. */
  readonly end: "close" | "SIGTERM" | "unread" | "gone";
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;

/** Nothing here can reach beyond the lab, whatever becomes of the lab. */
const ARGV: readonly (readonly string[])[] = [
  ["true"],
  ["sh", "-c", "echo out; echo err >&2; exit 7"],
  ["sh", "-c", "kill -9 $$"],
  ["sh", "-c", "sleep 0.1; echo late & exit 0"],
  ["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do sleep 9 & done; wait"],
  ["sh", "-c", "mkdir -p /tmp/a; while mount -t tmpfs none /tmp/a; do umount /tmp/a; done"],
  ["sh", "-c", "ip link add a type bridge; ip link del a; rm -rf /run /tmp; ls /"],
  [
    "sh",
    "-c",
    "ip netns add a; ip netns add b; ip link add c type veth peer d netns a; ip netns del a",
  ],
  ["sh", "-c", "iptables -A INPUT -p tcp --dport 80 -j DROP; nft add table ip t; iptables -F"],
  ["sh", "-c", "cd /sys/fs/cgroup/pids && mkdir a && echo $$ > a/cgroup.procs; rmdir a"],
  ["unshare", "-mnpuf", "sh", "-c", "mount -t tmpfs a /tmp; ip link set lo up; exec sleep 0.05"],
  ["container", "run", "--stop-after=pivot_root", "--", "true"],
  ["sh", "-c", "echo x > /run/tsi/trace.1; exec 3<>/run/tsi/trace.2; echo y >&3; sleep 1"],
  ["cat", "/dev/zero"],
  ["yes", "\u00e9\u{1f40b}"],
  ["head", "-c", "300000", "/dev/urandom"],
  ["sleep", "100"],
  ["/nope"],
  ["/"],
  [""],
];
const PATHS = [
  "/proc/self/status",
  "/etc/hostname",
  "/dev/zero",
  "/",
  "/run/tsi/trace.1",
  "/proc/1/mem",
];
const ODD_NUMBERS = [-1, 0, 1.5, 1e18, -1e18, 1e300, 2 ** 31, 2 ** 32, 2 ** 53];
const ODD_TEXTS = [
  "",
  "\u0000",
  "\ud800",
  "/",
  "../..",
  "a".repeat(5000),
  "%s%n",
  "\u{10ffff}",
  "=",
  "KILL",
];

function oddValue(random: Random, depth = 0): unknown {
  switch (random(depth > 8 ? 4 : 6)) {
    case 0:
      return pick(random, ODD_NUMBERS);
    case 1:
      return pick(random, ODD_TEXTS);
    case 2:
      return pick(random, [null, true, false]);
    case 3:
      return pick(random, PATHS);
    case 4:
      return Array.from({ length: random(4) }, () => oddValue(random, depth + 1));
    default:
      return { [pick(random, ["pids", "memory", "op", "id", "x"])]: oddValue(random, depth + 1) };
  }
}

type Request = Record<string, unknown>;

const REQUESTS: readonly ((random: Random) => Request)[] = [
  (random) => ({ op: "run", run: random(6), argv: pick(random, ARGV), trace: random(2) === 0 }),
  (random) => ({ op: "run", run: random(50), argv: pick(random, ARGV), cwd: pick(random, PATHS) }),
  (random) => ({
    op: "run",
    run: random(50),
    argv: ["env"],
    env: ["A=b", `X=${pick(random, PATHS)}`],
  }),
  (random) => ({
    op: "signal",
    run: random(6),
    signal: pick(random, ["INT", "TERM", "KILL", "HUP"]),
  }),
  (random) => ({ op: pick(random, ["read", "tree"]), path: pick(random, PATHS) }),
  (random) => ({
    op: "run",
    run: random(6),
    argv: pick(random, ARGV),
    ...pick(random, [{ pty: { rows: 1 + random(99), columns: 80 } }, { stdin: true }]),
  }),
  (random) => ({
    op: "write",
    run: random(6),
    ...pick(random, [{ text: pick(random, ODD_TEXTS) }, { base64: "AwQa/w==" }, { end: true }]),
  }),
  (random) => ({ op: "resize", run: random(6), rows: random(70_000), columns: 1 + random(300) }),
  (random) => ({ op: pick(random, ["snapshot", "count", "nothing"]), run: random(6), text: "x" }),
  () => ({ op: "watch", what: "conntrack" }),
];

function up(random: Random, mode: string): Request {
  const limits = { pids: 16 + random(64), memory: 2 ** 29 };
  return { op: "up", name: "fz", mode, ...(random(2) === 0 ? { limits } : {}) };
}

function request(random: Random, mode: string): Request {
  const made = random(20) === 0 ? up(random, mode) : pick(random, REQUESTS)(random);
  if (random(4) !== 0) return made;
  const name = pick(random, [
    ...Object.keys(made),
    "limits",
    "env",
    "hostname",
    "enableControllers",
  ]);
  if (random(3) === 0) delete made[name];
  else made[name] = oddValue(random);
  return made;
}

/** Lines that are no requests: each is refused, with id null. */
const NO_REQUESTS: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.from("[".repeat(100_000)),
  () => Buffer.from(`{"id":1,"op":"${"x".repeat(2 << 20)}"}`),
  () => Buffer.from([0, 0xff, 0xfe, 0x22, 0xc0, 0x80]),
  () => Buffer.from('{"id":"1","op":"down"}'),
  () => Buffer.from(`{"id":${"9".repeat(50)},"op":"read"}`),
  () => Buffer.from('{"op":"read","path":"\\ud800"}'),
  (random) =>
    Buffer.from(
      Array.from({ length: random(200) }, () => random(256)).filter((byte) => byte !== 10),
    ),
  (random) =>
    Buffer.from(JSON.stringify({ ...request(random, "root"), op: "run" }).slice(0, random(40))),
];

function cut(random: Random, whole: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < whole.length; ) {
    const size = pick(random, [1 + random(8), 1 + random(200), 65_536, whole.length]);
    chunks.push(whole.subarray(at, at + size));
    at += size;
  }
  return chunks.length > 4000 ? [whole] : chunks;
}

export function makeSession(random: Random, mode: "root" | "rootless"): SessionInput {
  const ids: number[] = [];
  const lines: Buffer[] = [];
  const ask = (made: Request) => {
    const text = JSON.stringify({ ...made, id: ids.length + 1 });
    // What JSON.stringify writes and the helper refuses: a text with U+0000 or half a character.
    if (/\\u0000|\\ud[89a-f]/.test(text)) return;
    ids.push(ids.length + 1);
    lines.push(Buffer.from(text));
  };
  if (random(8) !== 0) ask(up(random, mode));
  for (let left = random(60); left > 0; left--) {
    if (random(6) === 0) lines.push(pick(random, NO_REQUESTS)(random));
    else ask(request(random, mode));
  }
  const down = random(6) === 0;
  if (down)
    lines.push(Buffer.from('{"op":"down","id":-1}\n{"op":"up","id":-2,"name":"fz","mode":"root"}'));
  const tail = random(4) === 0 ? Buffer.from('{"id":0,"op":"do') : Buffer.alloc(0);
  const whole = Buffer.concat([...lines.flatMap((line) => [line, Buffer.from("\n")]), tail]);
  const end = pick(random, ["close", "close", "close", "SIGTERM", "unread", "gone"] as const);
  return { chunks: cut(random, whole), ids, mustAnswer: end === "close", end };
}
