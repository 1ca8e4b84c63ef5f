/** A machine that lessons and tests are tried on. */
export interface Guest {
  readonly name: string;
  /** Debian's name of the release its packages are from. */
  readonly suite: Suite;
  /** What is particular about it, for people. */
  readonly about: string;
  /** For the kernel's command line: what cannot be changed once it runs. */
  readonly boot: string;
  /** Run as root before anything else; when it fails, the guest is not what it says it is. */
  readonly setup: string;
  /** False: only the lessons and the doctor are tried, the tests ran on its sibling. */
  readonly tests: boolean;
}

export type Suite = "bookworm" | "trixie" | "forky";

/** What most guests are: cgroup v2 below systemd, nothing forbidden. */
const plain = { boot: "", setup: "", tests: true } as const;
const variant = { ...plain, tests: false } as const;

/** The learner's login shell, and with it everything they run, is under a profile (aa-exec(1)). */
function confinedTo(rule: string): string {
  return `
    printf 'abi <abi/4.0>,\\nprofile learner {\\n  allow all,\\n  ${rule}\\n}\\n' > /etc/apparmor.d/learner
    apparmor_parser -r /etc/apparmor.d/learner &&
    printf '#!/bin/sh\\nexec aa-exec -p learner -- /bin/bash "$@"\\n' > /usr/local/bin/learner-shell &&
    chmod 755 /usr/local/bin/learner-shell && usermod -s /usr/local/bin/learner-shell learner`;
}

export const GUESTS: readonly Guest[] = [
  { ...plain, name: "debian12", suite: "bookworm", about: "Debian 12" },
  { ...plain, name: "debian13", suite: "trixie", about: "Debian 13" },
  // Docker 28, containerd 2.
  { ...plain, name: "debian14", suite: "forky", about: "Debian testing (to be 14)" },
  {
    ...plain,
    name: "debian12-v1",
    suite: "bookworm",
    about: "Debian 12, systemd.unified_cgroup_hierarchy=0",
    boot: "systemd.unified_cgroup_hierarchy=0",
    setup: "[ -d /sys/fs/cgroup/memory ]",
  },
  {
    ...variant,
    name: "debian12-v1-given",
    suite: "bookworm",
    about: "Debian 12 with cgroup v1, after what the doctor tells its user to do",
    boot: "systemd.unified_cgroup_hierarchy=0",
    setup: `
      cd /srv/tsinternals && su learner -c "node dist/tsinternals.mjs doctor --json" > /run/doctor
      node -p 'JSON.parse(fs.readFileSync("/run/doctor")).findings.find(({ id }) => id === "user").fix' |
      sh -e && [ -O /sys/fs/cgroup/memory ] && [ ! -O /sys/fs/cgroup/memory/tsinternals-1000 ]`,
  },
  {
    ...variant,
    name: "debian13-v1",
    suite: "trixie",
    // Its kernel has no memory and cpuset for v1: systemd splits the controllers.
    about: "Debian 13, systemd.unified_cgroup_hierarchy=0",
    boot: "systemd.unified_cgroup_hierarchy=0 SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1",
    setup: "[ -d /sys/fs/cgroup/pids ]",
  },
  {
    ...variant,
    name: "debian12-swap",
    suite: "bookworm",
    about: "Debian 12 with 64 MB of swap",
    setup:
      "dd if=/dev/zero of=/swap bs=1M count=64 status=none && chmod 600 /swap && mkswap -q /swap && swapon /swap",
  },
  {
    ...variant,
    name: "debian12-userns-clone",
    suite: "bookworm",
    about: "Debian 12, kernel.unprivileged_userns_clone=0",
    setup: "sysctl -q -w kernel.unprivileged_userns_clone=0",
  },
  {
    ...variant,
    name: "debian12-max-userns",
    suite: "bookworm",
    about: "Debian 12, user.max_user_namespaces=0",
    setup: "sysctl -q -w user.max_user_namespaces=0",
  },
  {
    ...variant,
    name: "debian13-apparmor-userns",
    suite: "trixie",
    about: "Debian 13, an AppArmor profile without userns",
    setup: confinedTo("audit deny userns,"),
  },
  {
    ...variant,
    // What kernel.apparmor_restrict_unprivileged_userns=1 comes to, which only Ubuntu's kernel has.
    name: "debian13-apparmor-capabilities",
    suite: "trixie",
    about: "Debian 13, an AppArmor profile without capabilities",
    setup: confinedTo("audit deny capability,"),
  },
];

export function findGuest(name: string): Guest | undefined {
  return GUESTS.find((guest) => guest.name === name);
}
