import { existsSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import { execa } from "execa";
import type { HostSummary } from "../timeline/host-summary.ts";
import { type CgroupLayout, readCgroupLayout } from "./cgroup-layout.ts";
import { labTrouble } from "./lab-trouble.ts";
import type { Missing } from "./live.ts";
import { helperPath } from "./paths.ts";
import { findPrograms, isExecutable } from "./programs.ts";
import { type Refusal, readRefusals } from "./refusals.ts";
import { type RootlessFacts, readRootlessFacts } from "./rootless.ts";
import { readText } from "./user-namespaces.ts";

/** What this machine is and has. Collecting it needs no privileges and changes nothing. */
export interface HostFacts {
  readonly platform: NodeJS.Platform;
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly node: string;
  readonly root: boolean;
  readonly cgroup: CgroupLayout;
  readonly rootless: RootlessFacts;
  /** systemd is PID 1 here (sd_booted(3)): cgroups are asked for, not taken. */
  readonly systemd: boolean;
  readonly helper: boolean;
  /** The helper is there, and what is on its file system may not be executed (mount(8), noexec). */
  readonly noexec: boolean;
  /** Why nobody gets a lab here, or this root none. */
  readonly trouble: Missing | null;
  /** strace's version, e.g. `6.1`; null when it cannot be run. */
  readonly strace: string | null;
  /** Those of the programs lessons may need that are here (lesson/programs.ts). */
  readonly programs: readonly string[];
  /** Those of them that refuse to work on this machine. */
  readonly refusals: readonly Refusal[];
  /** The package installers found here, e.g. `apt-get`. */
  readonly installer: Installer | null;
}

export type Installer = "apt-get" | "dnf" | "apk" | "pacman" | "zypper";

export async function readHostFacts(): Promise<HostFacts> {
  const cgroup = readCgroupLayout();
  const root = process.geteuid?.() === 0;
  const programs = process.platform === "linux" ? findPrograms() : [];
  return {
    platform: process.platform,
    os: osName(),
    kernel: os.release(),
    arch: os.machine(),
    node: process.versions.node,
    root,
    cgroup,
    rootless: await readRootlessFacts(cgroup),
    systemd: existsSync("/run/systemd/system"),
    helper: existsSync(helperPath),
    noexec: existsSync(helperPath) && !isExecutable(helperPath),
    trouble: process.platform === "linux" ? labTrouble(root, ownNamespaces(), readText) : null,
    strace: await straceVersion(),
    programs,
    refusals: await readRefusals(programs, cgroup.version),
    installer: findInstaller(),
  };
}

export function hostSummary(facts: HostFacts): HostSummary {
  const { kernel, arch, strace } = facts;
  return { os: facts.os, kernel, arch, cgroup: facts.cgroup.version, strace };
}

function ownNamespaces(): readonly string[] {
  try {
    return readdirSync("/proc/self/ns");
  } catch {
    return [];
  }
}

/** os-release(5) PRETTY_NAME. */
function osName(): string {
  for (const file of ["/etc/os-release", "/usr/lib/os-release"]) {
    if (!existsSync(file)) continue;
    const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(readFileSync(file, "utf8"))?.[1];
    if (name !== undefined) return name;
  }
  return process.platform;
}

async function straceVersion(): Promise<string | null> {
  const { stdout } = await execa("strace", ["-V"], { reject: false, timeout: 5000 });
  return /version (\S+)/.exec(stdout ?? "")?.[1] ?? null;
}

const INSTALLERS: readonly Installer[] = ["apt-get", "dnf", "apk", "pacman", "zypper"];

function findInstaller(): Installer | null {
  const folders = (process.env.PATH ?? "").split(":");
  const has = (name: string): boolean => folders.some((folder) => existsSync(`${folder}/${name}`));
  return INSTALLERS.find(has) ?? null;
}
