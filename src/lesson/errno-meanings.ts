/**
 * What an errno means for those who make containers: what the manual pages' ERRORS sections say of
 * it, in general words. The first row that fits counts, so what is special comes before what is
 * general.
 */
interface Meaning {
  readonly errno: string;
  /** The system calls it is for; absent: all. */
  readonly calls?: RegExp;
  /** What the call was about; absent: anything. */
  readonly about?: RegExp;
  readonly text: string;
}

const MOUNT = /^(mount|umount2?|move_mount|fsmount|fsconfig|open_tree|mount_setattr)$/;
const UMOUNT = /^umount2?$/;
const FORK = /^(clone3?|v?fork)$/;
const NAMESPACES = /^(unshare|clone3?)$/;
const CGROUPS = /\/sys\/fs\/cgroup\//;
const ID_MAP = /\/(uid_map|gid_map|setgroups)\b/;
const SET_IDS = /^(set(re|res|fs)?[ug]id|setgroups)$/;
const CHOWN = /^(l|f)?chown(at)?$/;
const MAKE = /^(mkdir|mknod|symlink|link)(at)?$/;
const NETLINK = /^(RTM|NFT|NFNL|IPCTNL)_/;

const MEANINGS: readonly Meaning[] = [
  {
    ...{ errno: "EPERM", calls: MOUNT },
    text: "this takes CAP_SYS_ADMIN over the mount namespace, and what came with it from another user's is locked (mount_namespaces(7))",
  },
  {
    ...{ errno: "EACCES", calls: MOUNT },
    text: "a directory on the way is closed to this user, or the file system may only be mounted read-only here (mount(2))",
  },
  { errno: "EINVAL", calls: UMOUNT, text: "nothing is mounted there, or it is locked (umount(2))" },
  {
    ...{ errno: "EBUSY", calls: UMOUNT },
    text: "a process has a file open or its working directory there, or something is mounted below (umount(2))",
  },
  {
    ...{ errno: "EBUSY", calls: MOUNT },
    text: "that is mounted there already, or its source is in use (mount(2))",
  },
  {
    ...{ errno: "EINVAL", calls: MOUNT },
    text: "the source holds no such file system, or an option or the propagation does not fit (mount(2))",
  },
  {
    ...{ errno: "ENODEV", calls: MOUNT },
    text: "this kernel does not know that file system type (/proc/filesystems)",
  },
  { errno: "ENOTBLK", calls: MOUNT, text: "this file system type wants a block device" },
  {
    ...{ errno: "EINVAL", calls: /^pivot_root$/ },
    text: "the new root has to be a mount of its own, neither root may be shared, and the old one goes below the new (pivot_root(2))",
  },
  {
    ...{ errno: "EBUSY", calls: /^pivot_root$/ },
    text: "the new root or the place for the old one is on the present root's own mount (pivot_root(2))",
  },
  {
    ...{ errno: "EPERM", calls: NAMESPACES },
    text: "namespaces other than the user's take CAP_SYS_ADMIN; a user namespace made first gives it, where the host allows that (user_namespaces(7))",
  },
  {
    ...{ errno: "ENOSPC", calls: NAMESPACES },
    text: "no more namespaces of this type, or not nested deeper (/proc/sys/user/max_*_namespaces, namespaces(7))",
  },
  {
    ...{ errno: "EAGAIN", calls: FORK },
    text: "the limit on processes is reached: pids.max of its cgroup, or RLIMIT_NPROC (fork(2))",
  },
  {
    ...{ errno: "ENOMEM", calls: FORK },
    text: "memory is short, or PID 1 of the pid namespace has ended: then no process can be made in it (pid_namespaces(7))",
  },
  {
    ...{ errno: "EINVAL", calls: NAMESPACES },
    text: "these flags do not go together, or this kernel does not know one of them (clone(2))",
  },
  {
    ...{ errno: "EPERM", calls: /^setns$/ },
    text: "entering takes CAP_SYS_ADMIN over the namespace, and for a mount namespace over one's own user namespace too (setns(2))",
  },
  {
    ...{ errno: "EINVAL", calls: /^setns$/ },
    text: "the file is no namespace of that type, or a user namespace one is in already (setns(2))",
  },
  {
    ...{ errno: "EBUSY", calls: /^rmdir|unlinkat$/, about: CGROUPS },
    text: "the group still has processes in it or groups below it (cgroups(7))",
  },
  {
    ...{ errno: "EBUSY", about: CGROUPS },
    text: "what is there now does not allow it: usage above the new limit, or processes in a v2 group that would hand controllers down (cgroups(7))",
  },
  {
    ...{ errno: "ENOSPC", about: CGROUPS },
    text: "a cpuset takes nobody in before it has CPUs and memory nodes (cpuset(7)); a device filter can be full",
  },
  {
    ...{ errno: "EINVAL", about: CGROUPS },
    text: "the file does not take this value, or the group cannot have it in its place in the tree (cgroups(7))",
  },
  {
    ...{ errno: "ENOENT", about: /cgroup\.subtree_control/ },
    text: "the controller is not in the group's cgroup.controllers: it has to be handed down from above (cgroups(7))",
  },
  {
    ...{ errno: "ESRCH", about: CGROUPS },
    text: "there is no such process in this pid namespace (cgroups(7))",
  },
  {
    ...{ errno: "EOPNOTSUPP", about: CGROUPS },
    text: "the group's type (cgroup.type) does not allow it (cgroups(7))",
  },
  {
    ...{ errno: "EAGAIN", calls: MAKE, about: CGROUPS },
    text: "no more groups or no deeper ones are allowed here (cgroup.max.descendants, cgroup.max.depth)",
  },
  {
    ...{ errno: "EPERM", about: ID_MAP },
    text: "a map is written once, with ids the writer has; a gid_map also wants setgroups denied first (user_namespaces(7))",
  },
  {
    ...{ errno: "EINVAL", calls: SET_IDS },
    text: "the id is not mapped in this user namespace (user_namespaces(7))",
  },
  {
    ...{ errno: "EINVAL", calls: CHOWN },
    text: "the owner is not mapped in this user namespace (user_namespaces(7))",
  },
  {
    ...{ errno: "EPERM", calls: /^setgroups$/ },
    text: "setgroups is denied in this user namespace, or CAP_SETGID is missing (user_namespaces(7))",
  },
  {
    ...{ errno: "EPERM", calls: /^mknod(at)?$/ },
    text: "device nodes take CAP_MKNOD in the host's own user namespace (mknod(2))",
  },
  {
    ...{ errno: "EPERM", calls: /^(tg|tk)?kill$/ },
    text: "the process is another user's, or in a user namespace this one has no power over (kill(2))",
  },
  {
    ...{ errno: "EPERM", calls: /^set(host|domain)name$/ },
    text: "it takes CAP_SYS_ADMIN over the UTS namespace (uts_namespaces(7))",
  },
  {
    ...{ errno: "EPERM", calls: /^chroot$/ },
    text: "it takes CAP_SYS_CHROOT over the user namespace (chroot(2))",
  },
  {
    ...{ errno: "ENOENT", calls: /^execve(at)?$/ },
    text: "there is no such program here, or the interpreter that it names is missing (execve(2))",
  },
  {
    ...{ errno: "EACCES", calls: /^execve(at)?$/ },
    text: "it is no executable file, or is mounted noexec (execve(2))",
  },
  { errno: "ENOEXEC", text: "it is no program for this architecture and has no #! (execve(2))" },
  {
    ...{ errno: "ENOENT", calls: /^connect$/ },
    text: "there is no such socket: whoever should listen there does not run (unix(7))",
  },
  { errno: "ECONNREFUSED", text: "nobody listens there, in this network namespace (connect(2))" },
  {
    ...{ errno: "EACCES", calls: /^bind$/ },
    text: "ports below 1024 take CAP_NET_BIND_SERVICE (ip(7), ip_unprivileged_port_start)",
  },
  { errno: "EADDRINUSE", text: "somebody has this address and port already (bind(2))" },
  {
    errno: "EADDRNOTAVAIL",
    text: "no link of this network namespace has that address (bind(2))",
  },
  { errno: "ENETUNREACH", text: "this network namespace has no route to there (connect(2))" },
  { errno: "EHOSTUNREACH", text: "nobody on the way answered for that address (connect(2))" },
  { errno: "ENETDOWN", text: "the link is down" },
  { errno: "ETIMEDOUT", text: "nobody answered in time; a firewall may drop it without a word" },
  {
    ...{ errno: "EPERM", calls: NETLINK },
    text: "changing the network takes CAP_NET_ADMIN over this network namespace (capabilities(7))",
  },
  { errno: "EEXIST", calls: NETLINK, text: "one of that name or address is there already" },
  { errno: "ENODEV", calls: NETLINK, text: "there is no such link in this network namespace" },
  { errno: "ESRCH", calls: NETLINK, text: "there is no such route" },
  {
    errno: "EPERM",
    text: "it takes a capability that this process does not have over the namespace the thing belongs to (capabilities(7))",
  },
  {
    errno: "EACCES",
    text: "the mode of the file, or of a directory on the way to it, shuts this user out (path_resolution(7))",
  },
  { errno: "EBUSY", text: "it is in use: mounted, open, or somebody is in it" },
  { errno: "EINVAL", text: "the kernel does not take this value or combination here" },
  { errno: "ENOSPC", text: "no space is left, or a limit on their number is reached" },
  { errno: "EDQUOT", text: "the user's quota is used up" },
  { errno: "EROFS", text: "the file system is mounted read-only here" },
  { errno: "ENOMEM", text: "memory is short, or a limit on it is reached" },
  { errno: "EEXIST", text: "something of that name is there already" },
  { errno: "ENOENT", text: "there is nothing of that name, seen from this mount namespace" },
  { errno: "ENOTDIR", text: "a part of the path is no directory" },
  { errno: "EISDIR", text: "it is a directory" },
  { errno: "ENOTEMPTY", text: "the directory is not empty" },
  { errno: "EXDEV", text: "the two are on different mounts or layers (rename(2))" },
  { errno: "ELOOP", text: "too many symbolic links on the way" },
  { errno: "EOVERFLOW", text: "an owner has no id in this user namespace (user_namespaces(7))" },
  {
    errno: "ENODEV",
    text: "there is no such device or type in this kernel; a module may be missing",
  },
  { errno: "ENXIO", text: "nothing is behind this file: no device, or no reader" },
  { errno: "ESRCH", text: "there is no such process in this pid namespace" },
  { errno: "ENOSYS", text: "this kernel does not have the call, or a seccomp filter hides it" },
  { errno: "EOPNOTSUPP", text: "this file system or socket cannot do that" },
  { errno: "EMFILE", text: "the process has as many open files as it may (RLIMIT_NOFILE)" },
  { errno: "EUSERS", text: "too many user namespaces inside each other (user_namespaces(7))" },
  { errno: "EPIPE", text: "nobody reads at the other end any more" },
  { errno: "EIO", text: "the device or the kernel could not do it" },
  { errno: "ETXTBSY", text: "the program is being run, or is open for writing" },
];

/** What the errno of this call means, as the second half of a sentence; null: nothing to add. */
export function errnoMeaning(errno: string, call: string, about: string): string | null {
  const fits = MEANINGS.find(
    (meaning) =>
      meaning.errno === errno &&
      (meaning.calls?.test(call) ?? true) &&
      (meaning.about?.test(about) ?? true),
  );
  return fits?.text ?? null;
}
