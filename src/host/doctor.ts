import { type Need, programOf } from "../lesson/needs.ts";
import { SPLIT_FIX, splitText } from "./cgroup-layout.ts";
import type { HostFacts } from "./host-facts.ts";
import { delegationFix, NOEXEC } from "./live.ts";
import { buildHelperCommand, installCommand } from "./packages.ts";
import { installProgramsCommand, missingPrograms } from "./programs.ts";

/** One thing looked at. `fix` is one line to type or read, when it is not as it should be. */
export interface Finding {
  readonly id: string;
  readonly ok: boolean;
  /** False: lessons run without it, but show less. */
  readonly required: boolean;
  readonly found: string;
  readonly fix: string | null;
}

/**
 * Everything that decides what runs here; changes nothing, needs no privileges.
 *
 * @param needs of all lessons and their steps
 */
export function examine(facts: HostFacts, needs: readonly Need[] = []): Finding[] {
  return [
    finding("linux", facts.platform === "linux", `${facts.os}, ${facts.kernel} ${facts.arch}`, {
      fix: "lessons run live on Linux only; elsewhere their recordings play",
    }),
    finding("node", true, `Node ${facts.node}`, { fix: "" }),
    helperFinding(facts),
    labFinding(facts),
    ...(facts.rootless.uid === null ? [] : rootlessFindings(facts)),
    cgroupFinding(facts),
    finding("strace", facts.strace !== null, facts.strace ?? "not installed", {
      fix: `${installCommand(facts.installer, "strace")}; without it no system calls are shown`,
      required: false,
    }),
    ...programsFinding(facts, needs),
  ];
}

/** The programs that lessons run and the host brings. */
function programsFinding(facts: HostFacts, needs: readonly Need[]): Finding[] {
  if (!needs.some((need) => programOf(need) !== null)) return [];
  const missing = missingPrograms(needs, facts);
  const here = missing.length === 0 ? "all that lessons run" : `not here: ${missing.join(", ")}`;
  const refusals = facts.refusals.filter(({ what }) => needs.includes(what));
  const found = [here, ...refusals.map(({ why }) => why)].join("; ");
  const fix = installProgramsCommand(missing, facts);
  return [finding("program", missing.length === 0, found, { fix, required: false })];
}

function helperFinding({ helper, noexec, installer }: HostFacts): Finding {
  if (noexec) return finding("helper", false, NOEXEC.what, { fix: NOEXEC.fix });
  const fix = buildHelperCommand(installer);
  return finding("helper", helper, helper ? "built" : "not built", { fix });
}

/** Either kind of lab will do for a start; which lessons it is enough for, `list` says. */
function labFinding(facts: HostFacts): Finding {
  if (facts.trouble !== null)
    return finding("lab", false, facts.trouble.what, { fix: facts.trouble.fix });
  const { uid, trouble } = facts.rootless;
  const rootless = uid !== null && trouble === null;
  const found = facts.root ? "as root" : rootless ? `without root, as user ${uid}` : "none";
  const why = trouble === null ? "" : `${trouble.what}: ${trouble.fix}; or `;
  return finding("lab", facts.root || rootless, found, { fix: `${why}sudo tsinternals …` });
}

/** What a lab without root has here. */
function rootlessFindings(facts: HostFacts): Finding[] {
  const { uid, trouble, delegation, range } = facts.rootless;
  const optional = { required: false };
  const add = `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un ${uid})`;
  return [
    finding("userns", trouble === null, trouble?.what ?? "for ordinary users", {
      fix: trouble?.fix ?? "",
      ...optional,
    }),
    finding("user", delegation !== null, userText(facts), {
      fix: delegationFix(facts),
      ...optional,
    }),
    finding(
      "ids",
      range,
      range ? "a range of users in a rootless lab" : "one user in a rootless lab",
      {
        fix: `${installCommand(facts.installer, "uidmap")}; ${add}`,
        ...optional,
      },
    ),
  ];
}

function userText({ rootless: { uid, delegation, controllers } }: HostFacts): string {
  if (delegation === null) return `user ${uid} has no cgroups: lessons about them need root`;
  const from = delegation === "systemd" ? "the user's systemd" : "directories that root made";
  return `user ${uid} has cgroups from ${from}: ${controllers.join(" ")}`;
}

function finding(
  id: string,
  ok: boolean,
  found: string,
  { fix, required = true }: { fix: string; required?: boolean },
): Finding {
  return { id, ok, required, found, fix: ok ? null : fix };
}

/** Labs do without; lessons about cgroups do not. */
function cgroupFinding(facts: HostFacts): Finding {
  const split = splitText(facts.cgroup);
  if (split !== null) return finding("cgroup", false, split, { fix: SPLIT_FIX, required: false });
  return finding("cgroup", facts.cgroup.version !== "none", cgroupText(facts), {
    fix: "mount the cgroup tree with the memory controller (cgroups(7))",
    required: false,
  });
}

function cgroupText({ cgroup, systemd }: HostFacts): string {
  const { version } = cgroup;
  if (version === "none") return "no tree with the memory controller";
  const controllers = (version === "v1" ? cgroup.v1 : cgroup.v2).join(" ");
  const hybrid = version === "v1" && cgroup.v2Mount !== null ? ", hybrid" : "";
  return `${version}${hybrid}${systemd ? ", systemd" : ""}: ${controllers}`;
}
