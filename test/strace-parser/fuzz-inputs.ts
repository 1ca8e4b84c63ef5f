import { readdirSync, readFileSync } from "node:fs";

/** Below `below`, from 0. The same seed gives the same numbers. */
export type Random = (below: number) => number;

/** xorshift32. */
export function createRandom(seed: number): Random {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Forms the recorded traces lack: other versions, other options, and things that break parsers. */
const HARD_LINES = String.raw`
[pid 25416<odd] \74nm\0762>] write(1<pipe:[7]>, ") = 0 <0.1>\n", 12) = 12 <0.000001>
18434<runc:[1:CHILD]> 10:00:00.000001 openat(AT_FDCWD</tmp/foo->, "x", O_RDONLY|0x4000000) = -1 ENOENT (No such file or directory)
14145<strace--decode-> +++ exited with 0 +++
recvmsg(28,  <unfinished ...>
<... recvmsg resumed>{msg_namelen=0}, 0) = 1
clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD} => {parent_tid=[9]}, 88) = 9
9 clone( <unfinished ...>
9 <... clone resumed> child_stack=0, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 10
12 execve("/bin/x", ["x"], [/* 20 vars */] <pid changed to 13 ...>
13 +++ superseded by execve in pid 12 +++
sendto(5<UNIX-STREAM:[12->34,"/a\76b"]>, "\1\0012\x00", 3, 0, NULL, 0) = 3
write(3<socket:[1]>, "\"]>", 3) = 3
connect(3<TCPv6:[[::1]:53->[::1]:9]>, {sa_family=AF_INET6, sin6_port=htons(53), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=if_nametoindex("lo")}, 28) = 0
quotactl(0x580800 /* QCMD(0x580800 /* Q_??? */, 0 /* USRQUOTA */) */, "/dev/x", 0, 0x7ff) = -1 ENOTBLK (Block device required)
rt_sigprocmask(SIG_SETMASK, ~[RTMIN RT_1], [CHLD], 8) = 0
select(4, [0 3], NULL, NULL, {tv_sec=1, tv_usec=0}) = 1 (in [3], left {tv_sec=0, tv_usec=9})
poll([{fd=3, events=POLLIN}], 1, 100) = 0 (Timeout)
ioctl(0</dev/pts/1<char 136:1>>, TCGETS or SNDCTL_TMR_TIMEBASE, {c_iflag=ICRNL|IXON, c_cc="\x03\x1c"...}) = 0
v4l2(3, {fmt.pix={pixelformat=v4l2_fourcc('S', '(', ',', '8') /* "x */ */, size=8192*1024}}) = 1<<3
wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL && WCOREDUMP(s)}], 0, NULL) = 7
restart_syscall(<... resuming interrupted read ...>) = ? ERESTART_RESTARTBLOCK (Interrupted by signal)
read(3, 0x7ff, 5) = -1 EIO (Input/output error) (INJECTED: args, retval) <0.000011>
[ Process PID=9 runs in 32 bit mode. ]
???( <unfinished ...>
exit_group(0 <unfinished ...>) = ?
futex(0x1, FUTEX_WAIT, 2, NULL <detached ...>
[00007f0000000000] [   0] 1795332386.899920 (+     0.000012) read(0, "", 1) = 0
--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=5, si_status=0} ---
% time     seconds  usecs/call     calls    errors syscall
 VCPU:0> {exit_reason=KVM_EXIT_IO, io={direction=KVM_EXIT_IO_OUT}}
strace: Process 12 attached with 3 threads
 > /lib/x(std::map<int, char>::at(int) const+0x10) [0xf8350] a.cc:7`;

const CHARACTERS = "\"'\\(){}[]<>,=|/* \t\r\n\x1b\0\xff\xc30aE-+?.~!:@";
const WORDS = [
  " <unfinished ...>\n",
  "<... read resumed>",
  ") = 0 <0.000001>",
  " = ",
  "/* ",
  " */",
  " => ",
  '"...',
  "<UNIX:[",
  "->",
  "\x1b[31m",
  "\x1b[0m",
  "+++ exited with 0 +++\n",
  "strace: Process 12 attached\n",
  "\r\n",
];

/** Lines of real traces, each with its line feed; one character is one byte. */
export function readSeeds(): string[] {
  const folder = new URL("../../fixtures/strace/", import.meta.url);
  const recorded = readdirSync(folder).flatMap((name) =>
    readFileSync(new URL(name, folder), "latin1").split(/(?<=\n)/),
  );
  return [...recorded, ...HARD_LINES.trimStart().split(/(?<=\n)/)];
}

/** One input: a few lines, changed. Each byte is one character. */
export function makeInput(seeds: readonly string[], random: Random): string {
  if (random(20) === 0) return randomBytes(random(2000), random);
  const seed = (): string => seeds[random(seeds.length)] ?? "";
  let text = Array.from({ length: random(12) + 1 }, seed).join("");
  for (let n = random(6); n > 0; n--) text = change(text, seed(), random);
  return text;
}

type Change = (text: string, other: string, random: Random) => string;

const insert = (text: string, at: number, piece: string): string =>
  text.slice(0, at) + piece + text.slice(at);
const place = (text: string, random: Random): number => random(text.length + 1);

const CHANGES: readonly Change[] = [
  // Bytes cut out, at a place or to the end of the line.
  (text, _, random) => {
    const at = place(text, random);
    return text.slice(0, at) + text.slice(at + random(20));
  },
  (text, _, random) => {
    const at = place(text, random);
    const end = text.indexOf("\n", at);
    return end < 0 ? text.slice(0, at) : text.slice(0, at) + text.slice(end);
  },
  // One line's beginning with another's end.
  (text, other, random) => text.slice(0, place(text, random)) + other.slice(place(other, random)),
  (text, other, random) => insert(text, place(text, random), other),
  // A call in two halves, with other lines between them.
  (text, other, random) => {
    const at = place(text, random);
    const resumed = `<... ${/(\w+)\(/.exec(text)?.[1] ?? "read"} resumed>`;
    return `${text.slice(0, at)} <unfinished ...>\n${other}${resumed}${text.slice(at)}`;
  },
  // Brackets, quotes and others exchanged for one another, or put anywhere.
  (text, _, random) => {
    const at = place(text, random);
    return text.slice(0, at) + character(random) + text.slice(at + 1);
  },
  (text, _, random) => insert(text, place(text, random), character(random)),
  (text, _, random) => insert(text, place(text, random), WORDS[random(WORDS.length)] ?? ""),
  (text, _, random) => insert(text, place(text, random), randomBytes(random(8), random)),
  // A terminal's line ends, and colours between tokens.
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll(/([(,=])/g, "\x1b[36m$1\x1b[0m"),
  // Something over and over: deep nesting, long strings, long lines.
  (text, _, random) => insert(text, place(text, random), character(random).repeat(random(3000))),
  (text, _, random) => {
    const at = place(text, random);
    return insert(text, at, text.slice(at, at + random(40)).repeat(random(60)));
  },
];

function change(text: string, other: string, random: Random): string {
  return (CHANGES[random(CHANGES.length)] as Change)(text, other, random);
}

function character(random: Random): string {
  return CHARACTERS[random(CHARACTERS.length)] ?? "";
}

function randomBytes(length: number, random: Random): string {
  return Array.from({ length }, () => String.fromCharCode(random(256))).join("");
}
