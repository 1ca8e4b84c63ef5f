import { existsSync } from "node:fs";
import type { Need } from "../lesson/needs.ts";
import type { HostFacts } from "./host-facts.ts";
import { packageOf } from "./package-names.ts";
import { installArguments, purposePackages, refreshArguments } from "./packages.ts";
import { nativeFolder } from "./paths.ts";
import { missingPrograms } from "./programs.ts";

/** What would be run here so that the lessons run live. */
export interface SetupPlan {
  /** Words of each command, as execve(2) gets them; no shell. */
  readonly commands: readonly (readonly string[])[];
  /** Programs that are missing and that no package here brings. */
  readonly unavailable: readonly string[];
  /** What should be known before. */
  readonly notes: readonly string[];
}

/** What cannot be told from facts that lessons use. */
export interface SetupHost {
  /** How an ordinary user becomes root: `["sudo"]`; empty for root. */
  readonly becomeRoot: readonly string[];
  /** newuidmap(1) is installed. */
  readonly newuidmap: boolean;
}

/** @param needs of the lessons it is for */
export function setupPlan(
  facts: HostFacts,
  needs: readonly Need[],
  { becomeRoot, newuidmap }: SetupHost,
): SetupPlan {
  const { installer, rootless, helper, strace } = facts;
  const programs = missingPrograms(needs, facts);
  if (installer === null) {
    const unavailable = [...new Set([...(strace === null ? ["strace"] : []), ...programs])];
    return { commands: buildCommands(helper), unavailable, notes: [] };
  }
  const purposes = [
    ...(helper ? [] : (["build"] as const)),
    ...(strace === null ? (["strace"] as const) : []),
    ...(rootless.uid !== null && !newuidmap ? (["uidmap"] as const) : []),
  ];
  const named = programs.map((program) => ({
    program,
    name: packageOf(installer, program, facts.programs),
  }));
  const packages = new Set([
    ...purposes.flatMap((purpose) => purposePackages(installer, purpose)),
    ...named.flatMap(({ name }) => name ?? []),
  ]);
  const install = [...refreshArguments(installer), installArguments(installer, [...packages])];
  return {
    commands: [
      ...(packages.size === 0 ? [] : install.map((words) => [...becomeRoot, ...words])),
      ...buildCommands(helper),
    ],
    unavailable: named.flatMap(({ program, name }) => (name === null ? program : [])),
    notes: programs.includes("dockerd") && installer === "apt-get" ? [DAEMON] : [],
  };
}

const DAEMON =
  "docker.io starts Docker's daemon on this machine, now and at boot; the lessons do not use it, and systemctl disable --now docker.socket docker stops it";

function buildCommands(helper: boolean): string[][] {
  return helper ? [] : [["make", "--silent", "-C", nativeFolder]];
}

/** Whether a program is in PATH, or where administrators' programs are. */
export function isInstalled(program: string, path: string = process.env.PATH ?? ""): boolean {
  return path.split(":").some((folder) => folder !== "" && existsSync(`${folder}/${program}`));
}
