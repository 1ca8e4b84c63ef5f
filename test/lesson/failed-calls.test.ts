import { describe, expect, test } from "vitest";
import { failedCalls } from "../../src/lesson/failed-calls.ts";
import { createTraceReader } from "../../src/sources/trace.ts";
import type { Event } from "../../src/timeline/event.ts";

/** What strace writes, without times, as the events of an attempt. */
function eventsOf(text: string): Event[] {
  const reader = createTraceReader({
    ...{ run: 1, fromMicroseconds: (micros) => micros, now: () => 0, hostPid: () => undefined },
  });
  const lines = text
    .trim()
    .split("\n")
    .map((line, index) => line.trim().replace(/^(\d+) +/, `$1    1700000000.00${index + 100} `));
  return [...reader.push(`${lines.join("\n")}\n`), ...reader.end()];
}
const sentences = (text: string): string[] =>
  failedCalls(eventsOf(text)).map(({ sentence }) => sentence);

describe("one failed call is one sentence", () => {
  test.each<[string, string, string]>([
    [
      "mount(2)",
      '12 mount("proc", "/proc", "proc", 0, NULL) = -1 EPERM (Operation not permitted)',
      'mount("proc", "/proc", "proc") failed with EPERM: this takes CAP_SYS_ADMIN over the mount namespace, and what came with it from another user\'s is locked (mount_namespaces(7))',
    ],
    [
      "a cgroup file that is full",
      '12 write(1</sys/fs/cgroup/cpuset/pinned/cgroup.procs>, "271\\n", 4) = -1 ENOSPC (No space left on device)',
      'write(/sys/fs/cgroup/cpuset/pinned/cgroup.procs, "271\\n") failed with ENOSPC: a cpuset takes nobody in before it has CPUs and memory nodes (cpuset(7)); a device filter can be full',
    ],
    [
      "a group that is not empty",
      '12 rmdir("/sys/fs/cgroup/memory/demo") = -1 EBUSY (Device or resource busy)',
      'rmdir("/sys/fs/cgroup/memory/demo") failed with EBUSY: the group still has processes in it or groups below it (cgroups(7))',
    ],
    [
      "the limit on processes",
      "12 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f4) = -1 EAGAIN (Resource temporarily unavailable)",
      "clone() failed with EAGAIN: the limit on processes is reached: pids.max of its cgroup, or RLIMIT_NPROC (fork(2))",
    ],
    [
      "a namespace",
      "12 unshare(CLONE_NEWNS|CLONE_FS) = -1 EPERM (Operation not permitted)",
      "unshare(CLONE_NEWNS) failed with EPERM: namespaces other than the user's take CAP_SYS_ADMIN; a user namespace made first gives it, where the host allows that (user_namespaces(7))",
    ],
    [
      "pivot_root(2)",
      '12 pivot_root("/mnt/old", "/mnt") = -1 EINVAL (Invalid argument)',
      'pivot_root("/mnt/old", "/mnt") failed with EINVAL: the new root has to be a mount of its own, neither root may be shared, and the old one goes below the new (pivot_root(2))',
    ],
    [
      "an id map",
      '12 write(1</proc/12/uid_map>, "0 1 1\\n", 6) = -1 EPERM (Operation not permitted)',
      'write(/proc/12/uid_map, "0 1 1\\n") failed with EPERM: a map is written once, with ids the writer has; a gid_map also wants setgroups denied first (user_namespaces(7))',
    ],
    [
      "a socket nobody listens at",
      '12 connect(3<socket:[60]>, {sa_family=AF_UNIX, sun_path="/var/run/docker.sock"}, 23) = -1 ENOENT (No such file or directory)',
      'connect("/var/run/docker.sock") failed with ENOENT: there is no such socket: whoever should listen there does not run (unix(7))',
    ],
    [
      "a network without a way",
      '12 connect(5<socket:[61]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("9.9.9.9")}, 16) = -1 ENETUNREACH (Network is unreachable)',
      'connect("9.9.9.9:80") failed with ENETUNREACH: this network namespace has no route to there (connect(2))',
    ],
    [
      "a file that may not be written",
      '12 openat(AT_FDCWD</root>, "/usr/x", O_WRONLY|O_CREAT, 0644) = -1 EROFS (Read-only file system)',
      'openat("/usr/x") failed with EROFS: the file system is mounted read-only here',
    ],
    [
      "an errno without a line of its own",
      '12 swapon("/x", 0) = -1 EL3HLT (Level 3 halted)',
      'swapon("/x") failed with EL3HLT',
    ],
  ])("%s", (_name, line, sentence) => expect(sentences(line)).toEqual([sentence]));

  test("says who and what about, for the screen to lead there", () => {
    const line = '12 mkdir("/sys/fs/cgroup/a/b", 0777) = -1 ENOENT (No such file or directory)';
    expect(failedCalls(eventsOf(line))).toMatchObject([
      { name: "mkdir", errno: "ENOENT", about: "/sys/fs/cgroup/a/b", labPid: 12, times: 1 },
    ]);
  });

  test("long arguments are cut", () => {
    const line = `12 mkdir("/${"x".repeat(200)}", 0777) = -1 ENAMETOOLONG (File name too long)`;
    expect(sentences(line)).toEqual([`mkdir("/${"x".repeat(56)}…") failed with ENAMETOOLONG`]);
  });
});

describe("requests to the network part of the kernel", () => {
  const received = (answer: string): string =>
    `12 recvmsg(3<socket:[6]>, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=76, nlmsg_type=NLMSG_ERROR, nlmsg_flags=0, nlmsg_seq=1, nlmsg_pid=31}, ${answer}], iov_len=32768}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 76`;
  const header = "nlmsg_flags=NLM_F_REQUEST|NLM_F_ACK, nlmsg_seq=1, nlmsg_pid=0";

  test("fail in the answer, though no call did", () => {
    const link = `{error=-EEXIST, msg=[{nlmsg_len=56, nlmsg_type=RTM_NEWLINK, ${header}}, {ifi_family=AF_UNSPEC}, [[{nla_len=7, nla_type=IFLA_IFNAME}, "br0"], [{nla_len=16, nla_type=IFLA_LINKINFO}, "x"]]]}`;
    expect(sentences(received(link))).toEqual([
      'RTM_NEWLINK("br0") failed with EEXIST: one of that name or address is there already',
    ]);
    const rule = `{error=-EPERM, msg={nlmsg_len=20, nlmsg_type=NFNL_SUBSYS_NFTABLES<<8|NFT_MSG_NEWRULE, ${header}}}`;
    expect(sentences(received(rule))[0]).toMatch(/^NFT_MSG_NEWRULE failed with EPERM: changing/);
  });

  test("are told in the kernel's own words where there are any", () => {
    const address = `[{error=-EEXIST, msg=[{nlmsg_len=40, nlmsg_type=0x14 /* NLMSG_??? */, ${header}}, "\\x02"]}, [{nla_len=35, nla_type=NLMSGERR_ATTR_MSG}, "ipv4: Address already assigned"]]`;
    expect(sentences(received(address))).toEqual([
      'a netlink request failed with EEXIST: the kernel says "ipv4: Address already assigned"',
    ]);
  });

  test("are no failure when acknowledged, or when they only asked", () => {
    expect(sentences(received(`{error=0, msg={nlmsg_len=32, nlmsg_type=RTM_NEWLINK}}`))).toEqual(
      [],
    );
    const asked = `{error=-ENODEV, msg={nlmsg_len=32, nlmsg_type=RTM_GETLINK, ${header}}}`;
    expect(sentences(received(asked))).toEqual([]);
  });
});

describe("what belongs to every start is left out", () => {
  test("libraries, locales, the terminal, locks", () => {
    const noise = `
      12 access("/etc/ld.so.preload", R_OK) = -1 ENOENT (No such file or directory)
      12 openat(AT_FDCWD</root>, "/usr/lib/locale/C.UTF-8/LC_TIME", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
      12 openat(AT_FDCWD</root>, "/usr/lib/x86_64-linux-gnu/libfoo.so.1", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
      12 connect(3<socket:[6]>, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)
      12 ioctl(1</dev/null>, TCGETS, 0x7ffd) = -1 ENOTTY (Inappropriate ioctl for device)
      12 prctl(PR_CAPBSET_READ, 0x30 /* CAP_??? */) = -1 EINVAL (Invalid argument)
      12 wait4(-1, 0x7ffd, WNOHANG, NULL) = -1 ECHILD (No child processes)
      12 read(3<pipe:[7]>, 0x7ffd, 10) = -1 EAGAIN (Resource temporarily unavailable)
      12 seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, NULL) = -1 EFAULT (Bad address)
      12 readlink("/proc", 0x7ffd, 4095) = -1 EINVAL (Invalid argument)
      12 clone3({flags=CLONE_VM}, 88) = -1 ENOSYS (Function not implemented)
      12 +++ exited with 1 +++`;
    expect(sentences(noise)).toEqual([]);
  });

  test("of a search along PATH nothing when it found the program, one try when it did not", () => {
    const tries = `
      12 execve("/usr/bin/runc", ["runc"], 0x55 /* 5 vars */) = -1 ENOENT (No such file or directory)
      12 execve("/usr/sbin/runc", ["runc"], 0x55 /* 5 vars */) = -1 EACCES (Permission denied)`;
    const found = '12 execve("/sbin/runc", ["runc"], 0x55 /* 5 vars */) = 0';
    expect(sentences(`${tries}\n${found}\n12 +++ exited with 0 +++`)).toEqual([]);
    const last =
      '12 execve("/sbin/runc", ["runc"], 0x55 /* 5 vars */) = -1 ENOENT (No such file or directory)';
    expect(sentences(`${tries}\n${last}\n12 +++ exited with 127 +++`)).toEqual([
      'execve("/sbin/runc") failed with ENOENT: there is no such program here, or the interpreter that it names is missing (execve(2))',
    ]);
    const looked =
      '12 newfstatat(AT_FDCWD</root>, "/sbin/runc", 0x7ffd, 0) = -1 ENOENT (No such file or directory)';
    expect(sentences(`${looked}\n12 +++ exited with 127 +++`)).toHaveLength(1);
    expect(sentences(`${looked}\n12 +++ exited with 1 +++`)).toEqual([]);
  });

  test("mkdir -p and rm -f, when they ended well", () => {
    const exists = '12 mkdir("/sys/fs/cgroup", 0777) = -1 EEXIST (File exists)';
    const gone = '12 unlinkat(AT_FDCWD</root>, "x", 0) = -1 ENOENT (No such file or directory)';
    expect(sentences(`${exists}\n${gone}\n12 +++ exited with 0 +++`)).toEqual([]);
    expect(sentences(`${exists}\n12 +++ exited with 1 +++`)).toHaveLength(1);
  });

  test("what was looked for counts when its program gave up, and only the last", () => {
    const looks = `
      12 openat(AT_FDCWD</root>, "/one", O_RDONLY) = -1 ENOENT (No such file or directory)
      12 openat(AT_FDCWD</root>, "/two", O_RDONLY) = -1 ENOENT (No such file or directory)`;
    expect(sentences(`${looks}\n12 +++ exited with 0 +++`)).toEqual([]);
    expect(sentences(looks)).toEqual([]);
    expect(sentences(`${looks}\n12 +++ exited with 1 +++`)).toEqual([
      'openat("/two") failed with ENOENT: there is nothing of that name, seen from this mount namespace',
    ]);
  });

  test("where nothing was traced there is nothing to say", () => {
    expect(failedCalls([{ kind: "run.exit", t: 1, run: 1, code: 1 }])).toEqual([]);
  });
});

describe("the likeliest cause comes first", () => {
  test("what ended its program before what it coped with, then the later", () => {
    const text = `
      12 mkdir("a", 0777) = -1 EEXIST (File exists)
      13 mount("none", "/mnt", "overlay", 0, "x") = -1 EINVAL (Invalid argument)
      13 openat(AT_FDCWD</root>, "/nope", O_RDONLY) = -1 ENOENT (No such file or directory)
      14 umount2("/mnt", 0) = -1 EBUSY (Device or resource busy)
      13 +++ exited with 32 +++
      14 +++ exited with 0 +++`;
    expect(failedCalls(eventsOf(text)).map(({ name, errno }) => `${name} ${errno}`)).toEqual([
      "mount EINVAL",
      "umount2 EBUSY",
      "openat ENOENT",
      "mkdir EEXIST",
    ]);
  });

  test("the same again is counted", () => {
    const fork = (pid: number): string =>
      `${pid} vfork() = -1 EAGAIN (Resource temporarily unavailable)`;
    expect(sentences(`${fork(12)}\n${fork(13)}\n${fork(12)}`)).toEqual([
      "vfork() failed with EAGAIN, 3 times: the limit on processes is reached: pids.max of its cgroup, or RLIMIT_NPROC (fork(2))",
    ]);
    expect(failedCalls(eventsOf(`${fork(12)}\n${fork(13)}`))[0]?.labPid).toBe(13);
  });
});
