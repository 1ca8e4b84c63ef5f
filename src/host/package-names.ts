import { PROGRAMS } from "../lesson/programs.ts";
import type { Installer } from "./host-facts.ts";

type Names = Readonly<Record<string, string | null>>;

/**
 * What brings the programs of lesson/programs.ts where it is not called as in Debian. Null: the
 * distribution has no package of it.
 */
const OTHER_NAMES: Readonly<Record<Exclude<Installer, "apt-get">, Names>> = {
  dnf: {
    busybox: "busybox",
    conntrack: "conntrack-tools",
    dig: "bind-utils",
    dnsmasq: "dnsmasq",
    docker: "moby-engine",
    "docker-proxy": "moby-engine",
    dockerd: "moby-engine",
    ip: "iproute",
    iptables: "iptables-nft",
    "iptables-legacy": "iptables-legacy",
    losetup: "util-linux",
    nc: "netcat",
    perl: "perl-interpreter",
    ping: "iputils",
    script: "util-linux-script",
    umoci: null,
  },
  apk: {
    busybox: "busybox",
    conntrack: "conntrack-tools",
    ctr: "containerd-ctr",
    dig: "bind-tools",
    dnsmasq: "dnsmasq",
    docker: "docker-cli",
    "docker-proxy": "docker-engine",
    dockerd: "docker-engine",
    hostname: "busybox",
    "iptables-legacy": "iptables-legacy",
    losetup: "losetup",
    perl: "perl",
    ping: "iputils",
    script: "util-linux-misc",
    umoci: null,
  },
  pacman: {
    busybox: "busybox",
    conntrack: "conntrack-tools",
    dig: "bind",
    dnsmasq: "dnsmasq",
    docker: "docker",
    "docker-proxy": "docker",
    dockerd: "docker",
    hostname: "inetutils",
    losetup: "util-linux",
    nc: "openbsd-netcat",
    perl: "perl",
    ping: "iputils",
    python3: "python",
    script: "util-linux",
    umoci: null,
  },
  zypper: {
    btrfs: "btrfsprogs",
    busybox: "busybox",
    conntrack: "conntrack-tools",
    ctr: "containerd-ctr",
    dig: "bind-utils",
    dnsmasq: "dnsmasq",
    docker: "docker",
    "docker-proxy": "docker",
    dockerd: "docker",
    losetup: "util-linux",
    "mkfs.btrfs": "btrfsprogs",
    ping: "iputils",
    script: "util-linux",
  },
};

/**
 * The package that brings a program; null: none does. Debian 13 and later have the docker command
 * in a package of its own, which docker.io only recommends; so where there is a dockerd
 * (`here`) and no docker, docker.io is installed already and would not help.
 */
export function packageOf(
  installer: Installer,
  program: string,
  here: readonly string[] = [],
): string | null {
  const alone = program === "docker" && here.includes("dockerd");
  const debian = alone ? "docker-cli" : (PROGRAMS[program] ?? null);
  if (installer === "apt-get") return debian;
  const other = OTHER_NAMES[installer][program];
  return other === undefined ? debian : other;
}
