import type { ContainerdEvent, DockerdLog, DockerEvent } from "../timeline/event-daemon.ts";

/** What one line says, and when (CLOCK_REALTIME, nanoseconds) where it says so. */
export interface DaemonLine {
  readonly realtime: number | null;
  readonly event: Unplaced<ContainerdEvent> | Unplaced<DockerEvent> | Unplaced<DockerdLog>;
}

type Unplaced<E> = Omit<E, "t" | "run">;
type Fields = Readonly<Record<string, unknown>>;

/**
 * A line of a daemon's events or log, told by its shape: `ctr events`, docker's and podman's events
 * as JSON, nerdctl's as JSON, logfmt and JSON logs of dockerd and containerd. Null: none of these.
 */
export function readDaemonLine(line: string): DaemonLine | null {
  const text = line.trim();
  return readCtrLine(text) ?? readJsonLine(text) ?? readLogfmtLine(text);
}

/** Go's time.String(), containerd's namespace, the topic, the event's fields as JSON. */
const ctrForm = /^(\d{4}-\d\d-\d\d[ T]\S+(?: [+-]\d{4})?(?: [A-Z]+)?) (\S+) (\/\S+) (\{.*\})$/;

function readCtrLine(text: string): DaemonLine | null {
  const [, time, namespace, topic, json] = ctrForm.exec(text) ?? [];
  if (time === undefined || namespace === undefined || topic === undefined) return null;
  const fields = parseObject(json ?? "");
  if (fields === null) return null;
  return { realtime: readTime(time), event: containerdEvent(topic, namespace, fields) };
}

function containerdEvent(
  topic: string,
  namespace: string,
  fields: Fields,
): Unplaced<ContainerdEvent> {
  const inTask = topic.startsWith("/tasks/");
  const id = textIn(fields, "id");
  const named = textIn(fields, "container_id", "containerID", "containerId");
  const container = named ?? (topic.startsWith("/containers/") ? id : undefined);
  const other = inTask && id !== container ? id : undefined;
  const exec = textIn(fields, "exec_id", "execID", "execId") ?? other;
  const pid = numberIn(fields, "pid");
  // Zero values are left out of the JSON.
  const ended = /^\/tasks\/(?:exit|delete)$/.test(topic);
  const status = numberIn(fields, "exit_status", "exitStatus") ?? (ended ? 0 : undefined);
  return {
    kind: "containerd.event",
    topic,
    namespace,
    ...(container !== undefined && { container }),
    ...(exec !== undefined && { exec }),
    ...(pid !== undefined && { labPid: pid }),
    ...(status !== undefined && { exit: status }),
    fields,
  };
}

function readJsonLine(text: string): DaemonLine | null {
  const fields = text.startsWith("{") ? parseObject(text) : null;
  if (fields === null) return null;
  return readNerdctl(fields) ?? readDocker(fields) ?? readJsonLog(fields);
}

/** `nerdctl events --format '{{json .}}'`: containerd's event, its fields as JSON in a string. */
function readNerdctl(fields: Fields): DaemonLine | null {
  const topic = textIn(fields, "Topic");
  if (topic === undefined) return null;
  const inner = parseObject(textIn(fields, "Event") ?? "") ?? {};
  const event = containerdEvent(topic, textIn(fields, "Namespace") ?? "", inner);
  return { realtime: readTime(textIn(fields, "Timestamp") ?? ""), event };
}

function readDocker(fields: Fields): DaemonLine | null {
  const type = textIn(fields, "Type");
  const action = textIn(fields, "Action", "Status");
  if (type === undefined || action === undefined) return null;
  const actor = isObject(fields.Actor) ? fields.Actor : {};
  const given = actor.Attributes ?? fields.Attributes;
  // podman puts beside the attributes what docker puts among them.
  const beside = { name: fields.Name, image: fields.Image, exitCode: fields.ContainerExitCode };
  const attributes = textsOf({ ...beside, ...(isObject(given) ? given : {}) });
  const id = textIn(actor, "ID") ?? textIn(fields, "ID", "id") ?? "";
  const nanos = numberIn(fields, "timeNano");
  return {
    realtime: nanos ?? readTime(textIn(fields, "Time", "time") ?? ""),
    event: { kind: "docker.event", type, action, actor: id, attributes },
  };
}

function readJsonLog(fields: Fields): DaemonLine | null {
  const { level, msg, time, ...others } = fields;
  if (typeof level !== "string" || typeof msg !== "string") return null;
  return logLine(level, msg, typeof time === "string" ? time : "", textsOf(others));
}

const pairForm = /(?:^|\s)([^\s=]+)=("(?:[^"\\]|\\.)*"|[^\s"]\S*|)/gy;

/** logrus's text format: `time="…" level=debug msg="…" module=libcontainerd`. */
function readLogfmtLine(text: string): DaemonLine | null {
  if (!/^(?:time|level)=/.test(text)) return null;
  const pairs: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(pairForm)) {
    const [whole, key = "", value = ""] = match;
    pairs[key] = value.startsWith('"') ? unquoted(value) : value;
    end = match.index + whole.length;
  }
  const { time = "", level, msg, ...others } = pairs;
  if (level === undefined || msg === undefined || end < text.trimEnd().length) return null;
  return logLine(level, msg, time, others);
}

function logLine(
  level: string,
  message: string,
  time: string,
  fields: Readonly<Record<string, string>>,
): DaemonLine {
  return { realtime: readTime(time), event: { kind: "dockerd.log", level, message, fields } };
}

/** Go quotes like JSON, but for `\x1b` and the like. */
function unquoted(quoted: string): string {
  try {
    return JSON.parse(quoted.replace(/\\x([0-9a-f]{2})/gi, "\\u00$1").replace(/\\a/g, "\\u0007"));
  } catch {
    return quoted.slice(1, -1);
  }
}

const timeForm = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)? ?(Z|[+-]\d\d:?\d\d)?/;

/** RFC 3339 and Go's own way of printing a time, to nanoseconds since 1970 (as a double: ± 128). */
function readTime(text: string): number | null {
  const [, day, clock, fraction, zone = "Z"] = timeForm.exec(text) ?? [];
  // A time in whole seconds says less than when its line was read.
  if (fraction === undefined) return null;
  const offset = zone === "Z" ? zone : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const seconds = Date.parse(`${day}T${clock}${offset}`) / 1000;
  return Number.isNaN(seconds) ? null : seconds * 1e9 + Number(fraction.padEnd(9, "0"));
}

function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textIn(fields: Fields, ...names: readonly string[]): string | undefined {
  const value = names.map((name) => fields[name]).find((found) => typeof found === "string");
  return value === "" ? undefined : (value as string | undefined);
}

function numberIn(fields: Fields, ...names: readonly string[]): number | undefined {
  return names.map((name) => fields[name]).find((found) => typeof found === "number") as
    | number
    | undefined;
}

function textsOf(fields: Fields): Record<string, string> {
  const entries = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
