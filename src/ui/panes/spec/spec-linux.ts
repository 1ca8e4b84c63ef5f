import type { NamespaceType } from "../../../timeline/event-parts.ts";
import { field, list, member, type SpecField, type Subject, text, unseen } from "./spec-field.ts";
import { statusWords } from "./spec-process.ts";

/** config.json's words for the types that are called otherwise below /proc/PID/ns. */
const TYPES: Readonly<Record<string, NamespaceType>> = { network: "net", mount: "mnt" };
const ALL: readonly NamespaceType[] = ["pid", "net", "ipc", "uts", "mnt", "user", "cgroup", "time"];

export function namespaceFields({ config, bundle, world }: Subject): SpecField[] {
  const process = bundle.pid === null ? undefined : world.processes.get(bundle.pid);
  const wanted = new Map(
    list(config, "linux", "namespaces").map((entry) => {
      const type = text(entry, "type");
      return [TYPES[type] ?? (type as NamespaceType), text(entry, "path")] as const;
    }),
  );
  return ALL.flatMap((type): SpecField[] => {
    const path = wanted.get(type);
    const asked = path === undefined ? "not listed" : path === "" ? "a new one" : `that of ${path}`;
    const name = `namespaces ${type}`;
    const lab = world.lab?.namespaces[type];
    if (process === undefined || lab === undefined)
      return path === undefined ? [] : [unseen(name, asked, "the process is not known")];
    const own = process.namespaces[type];
    const seen = own === undefined || own === lab ? `the lab's, ${lab}` : `its own, ${own}`;
    return [field(name, asked, seen, (own !== undefined && own !== lab) === (path !== undefined))];
  });
}

/** Which id outside each id inside is: `0 10000 1000` (user_namespaces(7)). */
export function mappingFields({ config, bundle }: Subject): SpecField[] {
  return (["uid", "gid"] as const).flatMap((kind) => {
    const entries = list(config, "linux", `${kind}Mappings`);
    if (entries.length === 0) return [];
    const words = ["containerID", "hostID", "size"];
    const wanted = entries.map((entry) => words.map((word) => text(entry, word)).join(" "));
    const map = bundle.proc[`${kind}_map`];
    const name = `${kind}Mappings`;
    if (map === undefined || map === null) return [unseen(name, wanted.join(", "), "not read")];
    const seen = map
      .trim()
      .split("\n")
      .map((line) => line.trim().replace(/\s+/g, " "));
    return [field(name, wanted.join(", "), seen.join(", "), seen.join() === wanted.join())];
  });
}

export function seccompField({ config, bundle }: Subject): SpecField {
  const wanted = member(config, "linux", "seccomp");
  const rules = list(wanted, "syscalls").length;
  const asked =
    wanted === undefined ? "no filter" : `${rules} rules, else ${text(wanted, "defaultAction")}`;
  const [mode] = statusWords(bundle.proc.status, "Seccomp");
  if (mode === undefined) return unseen("seccomp", asked, "not read");
  const [filters] = statusWords(bundle.proc.status, "Seccomp_filters");
  const seen = filters === undefined ? `Seccomp ${mode}` : `Seccomp ${mode}, filters: ${filters}`;
  return field("seccomp", asked, seen, (mode === "2") === (wanted !== undefined));
}

/** `hostname`: sethostname(2) is the only trace of it that can be seen from outside. */
export function hostNameField({ config, bundle }: Subject): SpecField[] {
  const wanted = text(config, "hostname");
  if (wanted === "") return [];
  if (bundle.hostName === null)
    return [unseen("hostname", wanted, "only sethostname(2) would show it")];
  return [field("hostname", wanted, bundle.hostName, bundle.hostName === wanted)];
}

/** `hooks`: programs of the host that the runtime runs; whether they were seen to run. */
export function hookFields({ config, bundle, world }: Subject): SpecField[] {
  const hooks = member(config, "hooks");
  if (typeof hooks !== "object" || hooks === null) return [];
  return Object.keys(hooks).flatMap((point) =>
    list(hooks, point).map((hook) => {
      const path = text(hook, "path");
      const ran = [...world.processes.values()].findLast(
        ({ argv, startedAt }) =>
          // A script is started by its interpreter, which gets the path as its first argument.
          (argv?.[0] === path || argv?.[1] === path) && startedAt >= bundle.foundAt - WHILE_MADE,
      );
      if (ran === undefined) return unseen(point, path, "not seen to run");
      if (ran.exit === null) return field(point, path, `runs, pid ${ran.labPid ?? "?"}`, true);
      return field(
        point,
        path,
        `exit ${ran.exit.code ?? ran.exit.signal ?? "?"}`,
        ran.exit.code === 0,
      );
    }),
  );
}

/** A hook may run before the container's note has been found, in nanoseconds. */
const WHILE_MADE = 2e9;
