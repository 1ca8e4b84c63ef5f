import type { EventKind } from "./event.ts";

/**
 * Whether what was read from a file is what `Event` says. Whoever folds, checks or draws an event
 * relies on its type, and a recording may have been cut, edited or made by another version.
 */
export function hasEventShape(value: { readonly kind: string }): boolean {
  const required = REQUIRED[value.kind as EventKind] as readonly string[] | undefined;
  // Kinds of other versions are kept; nobody looks into them.
  if (required === undefined) return true;
  const fields = value as Readonly<Record<string, unknown>>;
  if (required.some((name) => fields[name] === undefined)) return false;
  // for…in: a list of the entries of each of a long recording's events costs more than the looks.
  for (const name in fields) if (TYPES.get(name)?.(fields[name]) === false) return false;
  return true;
}

const REQUIRED: Readonly<Record<EventKind, readonly string[]>> = {
  "session.start": ["format", "lesson", "startedAt", "host"],
  "session.end": ["reason"],
  "lab.ready": ["lab", "pid", "namespaces", "hierarchies", "lacks"],
  "lab.gone": ["reason"],
  "observer.cost": ["ratio"],
  "step.start": ["step"],
  "step.end": ["step"],
  "step.changes": ["step", "changes", "more"],
  "step.unable": ["step", "why"],
  "ask.answer": ["step", "answer"],
  "shell.start": ["run", "pid", "labPid", "rows", "columns"],
  "shell.size": ["run", "rows", "columns"],
  "run.start": ["run", "step", "pid", "labPid", "script"],
  "run.exit": ["run"],
  output: ["run", "stream"],
  "process.fork": ["pid", "ppid"],
  "process.exec": ["pid"],
  "process.exit": ["pid"],
  "process.found": ["pid", "ppid"],
  "process.lost": [],
  flood: ["counts"],
  "process.namespaces": ["pid", "namespaces"],
  syscall: ["labPid", "run", "name", "args"],
  "trace.signal": ["labPid", "run", "event", "text"],
  "trace.other": ["run", "text"],
  "cgroup.create": ["hierarchy", "path", "files"],
  "cgroup.remove": ["hierarchy", "path"],
  "cgroup.write": ["hierarchy", "path", "file"],
  "cgroup.change": ["hierarchy", "path", "file", "before", "after"],
  "cgroup.oom": ["hierarchy", "path", "kills"],
  "cgroup.populated": ["hierarchy", "path", "populated"],
  "cgroup.frozen": ["hierarchy", "path", "frozen"],
  "mount.add": ["mount", "parent", "target", "fstype", "source", "options"],
  "mount.remove": ["mount", "target"],
  "netns.add": ["netns"],
  "netns.remove": ["netns"],
  "mount.namespace": ["mntns", "mounts"],
  "mount.gone": ["mntns"],
  "mount.brief": ["mount"],
  "layer.contents": ["path", "exists", "entries", "whiteouts", "opaque", "cut"],
  "link.add": ["index", "name", "up"],
  "link.remove": ["index", "name"],
  "address.add": ["index", "link", "address"],
  "address.remove": ["index", "link", "address"],
  "route.add": ["family", "destination"],
  "route.remove": ["family", "destination"],
  "table.add": ["family", "table"],
  "table.remove": ["family", "table"],
  "chain.add": ["family", "table", "chain"],
  "chain.remove": ["family", "table", "chain"],
  "rule.add": ["family", "table", "chain", "handle", "text"],
  "rule.remove": ["family", "table", "chain", "handle"],
  "rule.count": ["family", "table", "chain", "handle", "packets", "bytes"],
  "conntrack.new": ["connection", "protocol", "original", "reply", "status"],
  "conntrack.update": ["connection", "protocol", "original", "reply", "status"],
  "conntrack.destroy": ["connection", "protocol", "original", "reply", "status"],
  "conntrack.lost": ["dropped"],
  "container.stage": ["container", "stage", "pid", "detail"],
  "container.stopped": ["container", "stage", "pid"],
  "container.failed": ["container", "stage", "pid", "message"],
  "bundle.config": ["container", "root", "labPid", "runtime", "bundle", "text"],
  "bundle.process": ["container", "root", "labPid", "proc"],
  exchange: ["run", "labPid", "connection", "began", "side", "method", "path", "request"],
  "exchange.stream": ["run", "labPid", "connection", "direction", "bytes"],
  "exchange.http2": ["run", "labPid", "connection", "began", "side", "sent", "received"],
  "watch.start": ["run", "step", "pid", "labPid", "script"],
  "watch.exit": ["run"],
  "watch.line": ["run", "stream", "text"],
  "containerd.event": ["run", "topic", "namespace", "fields"],
  "docker.event": ["run", "type", "action", "actor", "attributes"],
  "dockerd.log": ["run", "level", "message", "fields"],
  probe: ["path", "text"],
  diagnostic: ["source", "message"],
};

/** A kind that this version knows. */
export function isEventKind(word: string): word is EventKind {
  return Object.hasOwn(REQUIRED, word);
}

type Is = (value: unknown) => boolean;

const isText: Is = (value) => typeof value === "string";
const isTextOrNull: Is = (value) => value === null || isText(value);
const isNumber: Is = (value) => typeof value === "number";
const isObject: Is = (value) => typeof value === "object" && value !== null;
const isFlag: Is = (value) => typeof value === "boolean";
const isListOf =
  (isItem: Is): Is =>
  (value) =>
    Array.isArray(value) && value.every(isItem);
const isWith =
  (types: Readonly<Record<string, Is>>): Is =>
  (value) =>
    isObject(value) &&
    Object.entries(types).every(([name, is]) => is((value as Record<string, unknown>)[name]));

/** An exchange's message: what the panes take apart. */
const isMessage: Is = (value) =>
  isWith({ headers: isListOf(isListOf(isText)), bytes: isNumber })(value);

/** A field is of one type wherever it occurs. */
const TYPES = new Map<string, Is>([
  ...named(
    isNumber,
    "t format pid labPid ppid run code seconds ratio mount parent index mntns kills more",
  ),
  ...named(isText, "lesson startedAt tool lab reason observer step script signal stream base64"),
  ...named(isText, "comm name result errno event hierarchy path file after target fstype source"),
  ...named(isText, "options type mac error message container stage call detail"),
  ...named(isText, "root propagation runtime bundle"),
  ...named(isTextOrNull, "text before"),
  ...named(isText, "why mode"),
  ...named(isNumber, "answer rows columns"),
  ...named(isListOf(isText), "can"),
  ...named(isListOf(isText), "argv args files paths"),
  ...named(isNumber, "netns mtu metric priority handle previous packets bytes connection dropped"),
  ...named(isText, "operstate link address scope family destination gateway table chain hook"),
  ...named(isText, "policy protocol state"),
  ...named(isText, "command"),
  ...named(isFlag, "solved byHand own up legacy all last populated frozen"),
  // Of connections a list of flags, of an exchange HTTP's number.
  ["status", (value) => isNumber(value) || isListOf(isText)(value)],
  ...named(isNumber, "fd began answered sent received missing exit"),
  ...named(isText, "socket side method query upgrade direction topic namespace exec"),
  ...named(isText, "action actor level origin"),
  ...named(isObject, "fields attributes"),
  ...named(isMessage, "request response"),
  ...named(isWith({ index: isNumber }), "master peer lower"),
  ...named(isWith({ src: isText, dst: isText }), "original reply"),
  ["ns", (value) => isObject(value) && Object.values(value as object).every(isNumber)],
  ["namespaces", (value) => isObject(value) && Object.values(value as object).every(isNumber)],
  ...named(isFlag, "exists cut"),
  ...named(isListOf(isText), "whiteouts opaque"),
  ["entries", isListOf(isWith({ path: isText, type: isText, mode: isText }))],
  ["changes", isListOf(isWith({ how: isText, what: isText, name: isText }))],
  [
    "mounts",
    isListOf(
      isWith({
        mount: isNumber,
        parent: isNumber,
        target: isText,
        fstype: isText,
        source: isText,
        options: isText,
      }),
    ),
  ],
  ["proc", (value) => isObject(value) && Object.values(value as object).every(isTextOrNull)],
  ["lacks", isListOf(isWith({ what: isText, why: isText }))],
  [
    "hierarchies",
    isListOf(
      isWith({
        hierarchy: isText,
        version: isNumber,
        controllers: isListOf(isText),
        mount: isText,
      }),
    ),
  ],
  ["host", isWith({ os: isText, kernel: isText, arch: isText, cgroup: isText })],
]);

function named(is: Is, names: string): [string, Is][] {
  return names.split(" ").map((name) => [name, is]);
}
