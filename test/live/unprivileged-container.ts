import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What of Docker's defaults holds in a container (runtime-spec(5), config.json). */
export interface Confinement {
  readonly uid: number;
  readonly seccomp: boolean;
  /** Parts of /proc hidden and others read-only. */
  readonly masked: boolean;
}

/** The fourteen that Docker leaves a container's root. */
const CAPABILITIES =
  "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE"
    .split(" ")
    .map((name) => `CAP_${name}`);
const MASKED = ["acpi", "kcore", "keys", "timer_list", "scsi"].map((name) => `/proc/${name}`);
const READ_ONLY = ["bus", "fs", "irq", "sys", "sysrq-trigger"].map((name) => `/proc/${name}`);
/** CLONE_NEWNS, and from CLONE_NEWCGROUP to CLONE_NEWNET (clone(2), sched.h). */
const NAMESPACES = [17, 25, 26, 27, 28, 29, 30].map((bit) => 2 ** bit);
/** Of Docker's profile: what a container without CAP_SYS_ADMIN is refused. */
const REFUSED = [
  {
    names: ["unshare", "setns", "mount", "umount2", "mount_setattr", "fsopen", "bpf"],
    action: "SCMP_ACT_ERRNO",
  },
  // Whoever asks for this one is told that the kernel has none (ENOSYS), and asks clone.
  { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: 38 },
  ...NAMESPACES.map((flag) => ({
    names: ["clone"],
    action: "SCMP_ACT_ERRNO",
    args: [{ index: 0, value: flag, valueTwo: flag, op: "SCMP_CMP_MASKED_EQ" }],
  })),
];

/** Why there is no such container here, or "". */
export function whyNoContainer(): string {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  const { error } = spawnSync("crun", ["--version"], { stdio: "ignore" });
  return error ? "needs crun (apt-get install -y crun)" : "";
}

/**
 * Runs a line of shell in a container as `docker run` makes it, but for its root, which is the
 * host's, read-only, and its cgroup, which is ours.
 *
 * @param folder for the bundle; seen in the container where it is
 */
export function inContainer(folder: string, confinement: Confinement, script: string) {
  const bundle = join(folder, "bundle");
  mkdirSync(join(bundle, "rootfs"), { recursive: true });
  writeFileSync(
    join(bundle, "config.json"),
    JSON.stringify(configuration(folder, confinement, script)),
  );
  const crun = `crun --cgroup-manager=disabled --root ${folder}/crun run -b ${bundle} tsi-${process.pid}`;
  // crun refuses a cgroup2 beside v1 that has controllers, although it is to use neither.
  const hide =
    'for f in /sys/fs/cgroup/*/cgroup.controllers; do umount -lq "$(dirname "$f")"; done';
  const mount = `[ -d /sys/fs/cgroup/memory ] && ${hide}; mount --bind / ${bundle}/rootfs && exec ${crun}`;
  const { status, stdout, stderr } = spawnSync("unshare", ["-m", "sh", "-c", mount], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { status, stdout, stderr };
}

function configuration(folder: string, { uid, seccomp, masked }: Confinement, script: string) {
  const allowed = uid === 0 ? CAPABILITIES : [];
  return {
    ociVersion: "1.0.0",
    root: { path: "rootfs", readonly: true },
    process: {
      user: { uid, gid: uid },
      args: ["/bin/sh", "-c", script],
      env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "LANG=C.UTF-8"],
      cwd: "/",
      capabilities: { bounding: CAPABILITIES, effective: allowed, permitted: allowed },
    },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755"] },
      { destination: "/dev/pts", type: "devpts", source: "devpts", options: ["newinstance"] },
      { destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["nosuid", "nodev"] },
      { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "ro"] },
      { destination: "/run", type: "tmpfs", source: "tmpfs", options: ["mode=755"] },
      { destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["mode=1777"] },
      { destination: folder, type: "bind", source: folder, options: ["bind", "ro"] },
    ],
    linux: {
      namespaces: ["pid", "mount", "network", "uts", "ipc"].map((type) => ({ type })),
      ...(masked ? { maskedPaths: MASKED, readonlyPaths: READ_ONLY } : {}),
      ...(seccomp ? { seccomp: { defaultAction: "SCMP_ACT_ALLOW", syscalls: REFUSED } } : {}),
    },
  };
}
