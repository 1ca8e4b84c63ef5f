import { commandLine } from "../../labels.ts";
import { capabilitiesOf, shortCapability } from "./capability-names.ts";
import {
  field,
  list,
  member,
  type SpecField,
  type Subject,
  text,
  texts,
  unseen,
} from "./spec-field.ts";

/** `process`: what runs, as whom, and with which rights (runtime-spec, config, "Process"). */
export function processFields(subject: Subject): SpecField[] {
  const wanted = member(subject.config, "process");
  if (wanted === undefined) return [];
  return [
    argsField(subject),
    userField(subject),
    environmentField(subject),
    ...capabilityFields(subject),
    ...limitFields(subject),
    noNewPrivileges(subject),
    ...scoreField(subject),
    ...profileField(subject),
    unseen("cwd", text(wanted, "cwd"), "not looked at"),
  ];
}

function argsField({ config, bundle }: Subject): SpecField {
  const args = texts(config, "process", "args");
  const wanted = commandLine(args);
  const { cmdline } = bundle.proc;
  if (cmdline === undefined || cmdline === null) return unseen("args", wanted, "not read");
  const argv = cmdline.replace(/\0$/, "").split("\0");
  const seen = commandLine(argv);
  return field("args", wanted, seen, seen === wanted || runsScript(argv, args));
}

/** The kernel puts a script's interpreter and the script's whole path in front (execve(2)). */
function runsScript(argv: readonly string[], args: readonly string[]): boolean {
  const [script = "", ...rest] = args;
  const path = argv[argv.length - args.length] ?? "";
  return (
    argv.length > args.length &&
    (path === script || path.endsWith(`/${script}`)) &&
    argv.slice(argv.length - rest.length).join("\0") === rest.join("\0")
  );
}

function userField({ config, bundle }: Subject): SpecField {
  const user = (name: string): string => text(config, "process", "user", name) || "0";
  const more = list(config, "process", "user", "additionalGids").map(String);
  const wanted = [user("uid"), user("gid"), ...more.filter((group) => group !== user("gid"))];
  const { uid_map: uids, gid_map: gids } = bundle.proc;
  const mapped = list(config, "linux", "uidMappings").length > 0;
  const uid = statusWords(bundle.proc.status, "Uid")[1];
  const gid = statusWords(bundle.proc.status, "Gid")[1];
  const name = wanted.length > 2 ? "user.uid, gid, more" : "user.uid, gid";
  if (uid === undefined || gid === undefined) return unseen(name, wanted.join(" "), "not read");
  const groups = statusWords(bundle.proc.status, "Groups");
  const own = mapped ? [inside(uids, uid), inside(gids, gid)] : [uid, gid];
  const extra = groups
    .map((group) => (mapped ? inside(gids, group) : group))
    .filter((group) => group !== own[1]);
  const seen = [...own, ...extra];
  const outside = mapped ? `, outside ${uid} ${gid}` : "";
  const same = [...seen].sort().join() === [...wanted].sort().join();
  return field(name, wanted.join(" "), `${seen.join(" ")}${outside}`, same);
}

/** An id of ours as the process itself knows it, by its uid_map (user_namespaces(7)). */
function inside(map: string | null | undefined, id: string): string {
  for (const line of (map ?? "").split("\n")) {
    const [first = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
    const offset = Number(id) - outside;
    if (offset >= 0 && offset < count) return `${first + offset}`;
  }
  return "65534";
}

function environmentField({ config, bundle }: Subject): SpecField {
  const wanted = texts(config, "process", "env");
  const summary = `${wanted.length} variables`;
  const { environ } = bundle.proc;
  if (environ === undefined || environ === null) return unseen("env", summary, "not read");
  const seen = environ.split("\0").filter((variable) => variable !== "");
  const missing = wanted.filter((variable) => !seen.includes(variable));
  const more = seen.filter((variable) => !wanted.includes(variable));
  const changes = [
    ...missing.map((variable) => `without ${nameOf(variable)}`),
    ...more.map((variable) => `and ${nameOf(variable)}`),
  ];
  const words = missing.length === 0 ? ["these", ...changes] : changes;
  return field("env", summary, words.join(", "), missing.length === 0);
}

function nameOf(variable: string): string {
  return variable.split("=", 1)[0] ?? "";
}

const SETS = [
  ["bounding", "CapBnd"],
  ["effective", "CapEff"],
  ["permitted", "CapPrm"],
  ["inheritable", "CapInh"],
  ["ambient", "CapAmb"],
] as const;

/** A set that is not named is empty (capabilities(7)). */
function capabilityFields({ config, bundle }: Subject): SpecField[] {
  if (member(config, "process", "capabilities") === undefined) return [];
  return SETS.map(([set, key]) => {
    const wanted = texts(config, "process", "capabilities", set).map(shortCapability).sort();
    const name = `capabilities.${set}`;
    const [mask] = statusWords(bundle.proc.status, key);
    if (mask === undefined) return unseen(name, setText(wanted), "not read");
    const seen = capabilitiesOf(mask).sort();
    return field(name, setText(wanted), setText(seen), seen.join() === wanted.join());
  });
}

function setText(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(" ");
}

/** What the kernel calls the limits in /proc/PID/limits (getrlimit(2)). */
const LIMITS: Readonly<Record<string, string>> = {
  RLIMIT_AS: "address space",
  RLIMIT_CORE: "core file size",
  RLIMIT_CPU: "cpu time",
  RLIMIT_DATA: "data size",
  RLIMIT_FSIZE: "file size",
  RLIMIT_LOCKS: "file locks",
  RLIMIT_MEMLOCK: "locked memory",
  RLIMIT_MSGQUEUE: "msgqueue size",
  RLIMIT_NICE: "nice priority",
  RLIMIT_NOFILE: "open files",
  RLIMIT_NPROC: "processes",
  RLIMIT_RSS: "resident set",
  RLIMIT_RTPRIO: "realtime priority",
  RLIMIT_RTTIME: "realtime timeout",
  RLIMIT_SIGPENDING: "pending signals",
  RLIMIT_STACK: "stack size",
};

function limitFields({ config, bundle }: Subject): SpecField[] {
  return list(config, "process", "rlimits").map((limit) => {
    const type = text(limit, "type");
    const wanted = `${bound(limit, "soft")} ${bound(limit, "hard")}`;
    const title = Object.hasOwn(LIMITS, type) ? `Max ${LIMITS[type]} ` : null;
    const lines = (bundle.proc.limits ?? "").split("\n");
    const line = title === null ? undefined : lines.find((each) => each.startsWith(title));
    if (line === undefined || title === null) return unseen(`rlimits ${type}`, wanted, "not read");
    const seen = line.slice(title.length).trim().split(/\s+/).slice(0, 2).join(" ");
    return field(`rlimits ${type}`, wanted, seen, seen === wanted);
  });
}

/** RLIM_INFINITY is all ones, more than a number of JavaScript holds exactly. */
function bound(limit: unknown, which: string): string {
  const value = member(limit, which);
  return typeof value === "number" && value >= 2 ** 63 ? "unlimited" : text(limit, which);
}

function noNewPrivileges({ config, bundle }: Subject): SpecField {
  const wanted = member(config, "process", "noNewPrivileges") === true;
  const [seen] = statusWords(bundle.proc.status, "NoNewPrivs");
  if (seen === undefined) return unseen("noNewPrivileges", `${wanted}`, "not read");
  return field("noNewPrivileges", `${wanted}`, `NoNewPrivs ${seen}`, (seen === "1") === wanted);
}

function scoreField({ config, bundle }: Subject): SpecField[] {
  const wanted = text(config, "process", "oomScoreAdj");
  const seen = bundle.proc.oom_score_adj?.trim();
  if (wanted === "") return [];
  if (seen === undefined) return [unseen("oomScoreAdj", wanted, "not read")];
  return [field("oomScoreAdj", wanted, seen, seen === wanted)];
}

function profileField({ config, bundle }: Subject): SpecField[] {
  const wanted = text(config, "process", "apparmorProfile");
  const seen = bundle.proc["attr/current"]?.trim();
  if (wanted === "") return [];
  if (seen === undefined || seen === "")
    return [unseen("apparmorProfile", wanted, "no AppArmor in this kernel")];
  return [field("apparmorProfile", wanted, seen, seen.split(" ")[0] === wanted)];
}

/** The values of a line of /proc/PID/status; none where it is not there. */
export function statusWords(status: string | null | undefined, key: string): string[] {
  for (const line of (status ?? "").split("\n"))
    if (line.startsWith(`${key}:`))
      return line
        .slice(key.length + 1)
        .trim()
        .split(/\s+/)
        .filter(Boolean);
  return [];
}
