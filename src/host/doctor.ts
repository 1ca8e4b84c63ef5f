import type { HostFacts } from "./host-facts.ts";
import { installCommand } from "./packages.ts";

/** One thing looked at. `fix` is one line to type or read, when it is not as it should be. */
export interface Finding {
  readonly id: string;
  readonly ok: boolean;
  /** False: lessons run without it, but show less. */
  readonly required: boolean;
  readonly found: string;
  readonly fix: string | null;
}

/** Everything that decides what runs here; changes nothing, needs no privileges. */
export function examine(facts: HostFacts): Finding[] {
  return [
    finding("linux", facts.platform === "linux", `${facts.os}, ${facts.kernel} ${facts.arch}`, {
      fix: "lessons run live on Linux only; elsewhere their recordings play",
    }),
    finding("node", true, `Node ${facts.node}`, { fix: "" }),
    finding("helper", facts.helper, facts.helper ? "built" : "not built", {
      fix: `${installCommand(facts.installer, "build")} && npm run build`,
    }),
    finding("root", facts.root, facts.root ? "root" : "not root", {
      fix: "sudo tsinternals …; without it the recordings play",
    }),
    finding("cgroup", facts.cgroup.version !== "none", cgroupText(facts), {
      fix: "mount the cgroup tree with the memory controller (cgroups(7))",
    }),
    finding("strace", facts.strace !== null, facts.strace ?? "not installed", {
      fix: `${installCommand(facts.installer, "strace")}; without it no system calls are shown`,
      required: false,
    }),
  ];
}

function finding(
  id: string,
  ok: boolean,
  found: string,
  { fix, required = true }: { fix: string; required?: boolean },
): Finding {
  return { id, ok, required, found, fix: ok ? null : fix };
}

function cgroupText({ cgroup, systemd }: HostFacts): string {
  const { version } = cgroup;
  if (version === "none") return "no tree with the memory controller";
  const controllers = (version === "v1" ? cgroup.v1 : cgroup.v2).join(" ");
  const hybrid = version === "v1" && cgroup.v2Mount !== null ? ", hybrid" : "";
  return `${version}${hybrid}${systemd ? ", systemd" : ""}: ${controllers}`;
}
