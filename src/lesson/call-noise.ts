import type { Syscall } from "../timeline/event.ts";

/** Calls that ask what is there and change nothing: programs try them and go on. */
const ASKING =
  /^(access|faccessat2?|stat|lstat|newfstatat|statx|statfs|readlink|readlinkat|l?getxattr|getcwd|ioctl|prctl|lseek|fcntl|close|epoll_ctl|getsockopt|setsockopt|getpeername|getsockname|wait4|waitid|recv\w*|read|futex|ppoll|poll|select|pselect6|epoll_wait|nanosleep|clock_nanosleep|arch_prctl|rseq|prlimit64|sched_\w+|inotify_\w+)$/;

/** Errnos that are an answer to such a question and no failure. */
const ANSWERS = new Set(
  "EAGAIN EINTR EBADF EFAULT ENOTSOCK ENOTTY ECHILD EINPROGRESS ENODATA EOPNOTSUPP ENOTSUP ESPIPE ENOPROTOOPT EALREADY EISCONN ENOTCONN ERESTARTSYS ERESTARTNOINTR ERESTART_RESTARTBLOCK".split(
    " ",
  ),
);

/** What the C library, the shell and everyday tools look for in vain on each start. */
const LOOKED_FOR =
  /^(\/etc\/ld\.so|\/usr\/(lib|share)\/locale\/|\/usr\/share\/locale|\/(sys\/fs\/)?selinux|\/etc\/selinux|\/(var\/)?run\/nscd|\/etc\/(gnutls|suid-debug|nsswitch|terminfo|inputrc|libnl|iproute2|system-fips|crypto-policies)|\/run\/mount\b|\/lib\/terminfo|\/dev\/(tty|pts\d)|\/proc\/sys\/|\/proc\/self\/oom|\/usr\/lib\/(x86_64|aarch64)-linux-gnu\/|\/lib\/(x86_64|aarch64)-linux-gnu\/|\/etc\/localtime)|\.(so|mo)(\.[\d.]+)?$|\/\.[^/]+$|\/curlrc$|\/(glibc-hwcaps|gconv)/;

/** Nobody's mistake, whatever it answers. */
const ONLY_ASKS = /^(prctl|ioctl|futex|epoll_ctl|rseq|arch_prctl)$/;

const FORKS = /^(clone3?|v?fork)$/;
const OPENS = /^open(at2?)?$/;

/** Only asks or only opens for reading: what it did not find mattered only if its program gave up. */
export function isQuestion({ name, args }: Syscall): boolean {
  if (ASKING.test(name)) return true;
  return OPENS.test(name) && !/O_WRONLY|O_RDWR|O_CREAT/.test(args.join(" "));
}

/** What a shell exits with that has not found a program (POSIX, "Exit Status for Commands"). */
const NOT_FOUND = 127;

/**
 * A failure that belongs to every start, or that is an answer and no failure.
 *
 * @param path what the call was about
 * @param exit the exit status of who made it, as far as that is known
 */
export function isNoise(call: Syscall, path: string, exit: number | undefined): boolean {
  const { name, errno = "" } = call;
  if (ANSWERS.has(errno)) return !(errno === "EAGAIN" && FORKS.test(name)) && !isRefusal(call);
  if (errno === "ENOSYS") return true;
  if (name === "connect" || name === "mkdir") return LOOKED_FOR.test(path);
  if (!isQuestion(call)) return false;
  if (name.startsWith("readlink") && errno === "EINVAL") return true;
  if (isSearch(path)) return exit !== NOT_FOUND;
  return LOOKED_FOR.test(path) || ONLY_ASKS.test(name);
}

/** A cgroup file and a mount answer EAGAIN and EOPNOTSUPP where they refuse. */
function isRefusal({ name, errno, args }: Syscall): boolean {
  if (errno !== "EAGAIN" && errno !== "EOPNOTSUPP") return false;
  return name === "mount" || (/^(mkdir|write)/.test(name) && /\/cgroup/.test(args.join(" ")));
}

/** A shell looks for a program in each folder of PATH. */
function isSearch(path: string): boolean {
  return (
    /\/(\.?s?bin|shims|sbin\/fs(\.d)?)\/[^/]+$/.test(path) ||
    /^\/(root|home)\/.*\/(bin|shims)\//.test(path)
  );
}
