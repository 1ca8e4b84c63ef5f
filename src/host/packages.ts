import type { Installer } from "./host-facts.ts";
import { nativeFolder } from "./paths.ts";

/** What the packages are for. */
export type Purpose = "build" | "strace" | "uidmap";

const PACKAGES: Readonly<Record<Installer, Readonly<Record<Purpose, string>>>> = {
  "apt-get": { build: "gcc make libc6-dev", strace: "strace", uidmap: "uidmap" },
  dnf: { build: "gcc make glibc-devel", strace: "strace", uidmap: "shadow-utils" },
  apk: { build: "gcc make musl-dev linux-headers", strace: "strace", uidmap: "shadow-uidmap" },
  pacman: { build: "gcc make", strace: "strace", uidmap: "shadow" },
  zypper: { build: "gcc make glibc-devel", strace: "strace", uidmap: "shadow" },
};

const INSTALL: Readonly<Record<Installer, string>> = {
  "apt-get": "apt-get install -y",
  dnf: "dnf install -y",
  apk: "apk add",
  pacman: "pacman -S --noconfirm",
  zypper: "zypper install -y",
};

/** The command that installs what is missing, as the user would type it. */
export function installCommand(installer: Installer | null, purpose: Purpose): string {
  if (installer === null) return `install ${PACKAGES["apt-get"][purpose]}`;
  return `${INSTALL[installer]} ${PACKAGES[installer][purpose]}`;
}

/** The packages for a purpose. */
export function purposePackages(installer: Installer, purpose: Purpose): string[] {
  return PACKAGES[installer][purpose].split(" ");
}

/** The words of the command that installs these packages. */
export function installArguments(installer: Installer, packages: readonly string[]): string[] {
  return [...INSTALL[installer].split(" "), ...packages];
}

/** apt-get takes the newest versions it has heard of, which the mirror may no longer have. */
export function refreshArguments(installer: Installer): string[][] {
  return installer === "apt-get" ? [["apt-get", "update"]] : [];
}

/** The command that builds the helper here, from a checkout or from what is installed. */
export function buildHelperCommand(installer: Installer | null): string {
  return `${installCommand(installer, "build")} && make --silent -C '${nativeFolder}'`;
}
