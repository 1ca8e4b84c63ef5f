import { execa } from "execa";
import { needOfProgram } from "../lesson/needs.ts";
import type { CgroupVersion } from "../timeline/host-summary.ts";

/** A need whose program is installed and will not work on this host, and why. */
export interface Refusal {
  readonly what: string;
  readonly why: string;
}

/**
 * The first release that takes no host with cgroup v1 any more, and how it is named by `--version`.
 * systemd: its NEWS. LXC: it warns of an "Unsupported cgroup layout", and starts nothing.
 */
const WITHOUT_V1: Readonly<Record<string, { first: number; said: RegExp }>> = {
  "lxc-start": { first: 7, said: /^(\d+)\./ },
  "systemd-nspawn": { first: 258, said: /^systemd (\d+)/ },
};

/** Which of these programs refuse this host. Asks them for their version where that decides. */
export async function readRefusals(
  programs: readonly string[],
  version: CgroupVersion,
): Promise<Refusal[]> {
  if (version !== "v1") return [];
  const asked = Object.keys(WITHOUT_V1).filter((name) => programs.includes(name));
  const refusals = asked.map(async (name) => {
    const { stdout } = await execa(name, ["--version"], { reject: false, timeout: 5000 });
    return refusalOfV1(name, stdout ?? "");
  });
  return (await Promise.all(refusals)).filter((refusal) => refusal !== null);
}

/** @param said by the program's `--version`, on a host with cgroup v1 */
export function refusalOfV1(name: string, said: string): Refusal | null {
  const program = WITHOUT_V1[name];
  const release = Number(program?.said.exec(said)?.[1]);
  if (program === undefined || !(release >= program.first)) return null;
  const why = `${name} ${release} does not work with cgroup v1, which this host has`;
  return { what: needOfProgram(name), why };
}
