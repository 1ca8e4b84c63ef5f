import { accessSync, constants } from "node:fs";
import { type Abilities, type Need, needOfProgram, programOf } from "../lesson/needs.ts";
import { PROGRAMS } from "../lesson/programs.ts";
import { LAB_PATH } from "../timeline/lab-path.ts";
import type { HostFacts } from "./host-facts.ts";
import { packageOf } from "./package-names.ts";
import { installArguments } from "./packages.ts";

/** Those of the programs lessons ask for that a lab here would find (execve(2): by X_OK). */
export function findPrograms(path: string = LAB_PATH): string[] {
  const folders = path.split(":");
  return Object.keys(PROGRAMS).filter((name) =>
    folders.some((folder) => isExecutable(`${folder}/${name}`)),
  );
}

/** For a file on a file system mounted noexec access(2) says no, to root too. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The programs among these needs that the host has not. */
export function missingPrograms(
  needs: readonly Need[],
  { programs }: Pick<HostFacts, "programs">,
): string[] {
  const wanted = new Set(needs.flatMap((need) => programOf(need) ?? []));
  return [...wanted].filter((name) => !programs.includes(name));
}

/** The command that installs these programs, as the user would type it. */
export function installProgramsCommand(
  programs: readonly string[],
  { installer, programs: here }: Pick<HostFacts, "installer" | "programs">,
): string {
  if (installer === null) {
    const packages = new Set(programs.map((name) => packageOf("apt-get", name, here) ?? name));
    return `install what Debian calls ${[...packages].join(" ")}`;
  }
  const named = programs.map((program) => ({ program, name: packageOf(installer, program, here) }));
  const packages = [...new Set(named.flatMap(({ name }) => name ?? []))];
  const none = named.flatMap(({ program, name }) => (name === null ? program : []));
  return [
    ...(packages.length === 0 ? [] : [installArguments(installer, packages).join(" ")]),
    ...(none.length === 0 ? [] : [`no package here brings ${none.join(", ")}`]),
  ].join("; ");
}

/** What a lab can do together with what the host has to run in it. */
export function withPrograms(lab: Abilities, facts: HostFacts): Abilities {
  const lacks = Object.keys(PROGRAMS)
    .filter((name) => !facts.programs.includes(name))
    .map((name) => ({
      what: needOfProgram(name),
      why: `${name} is not installed: ${installProgramsCommand([name], facts)}`,
    }));
  const refused = new Set(facts.refusals.map(({ what }) => what));
  const runs = facts.programs.map(needOfProgram).filter((need) => !refused.has(need));
  return { can: [...(lab.can ?? []), ...runs], lacks: [...lab.lacks, ...lacks, ...facts.refusals] };
}
