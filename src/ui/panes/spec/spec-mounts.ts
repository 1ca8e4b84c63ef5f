import type { KnownMount } from "../../../timeline/world.ts";
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

/** The mounts of the container's mount namespace, by where they are; of several the topmost. */
function mountsOf({ bundle, world }: Subject): ReadonlyMap<string, KnownMount> | null {
  const process = bundle.pid === null ? undefined : world.processes.get(bundle.pid);
  const namespace = process?.namespaces.mnt;
  if (namespace === undefined) return null;
  const mounts = new Map<string, KnownMount>();
  for (const mount of world.mounts.values())
    if (mount.mntns === namespace) mounts.set(mount.target, mount);
  return mounts.size === 0 ? null : mounts;
}

/** Why there are no mounts to compare with. */
function whyNone({ bundle, world }: Subject): string {
  const process = bundle.pid === null ? undefined : world.processes.get(bundle.pid);
  return process === undefined || process.exit === null
    ? "mounts not known"
    : "went with the process";
}

/** `root`: the directory, and whether it can be written to. */
export function rootFields(subject: Subject): SpecField[] {
  const { config, bundle } = subject;
  const path = text(config, "root", "path");
  if (path === "") return [];
  const readonly = member(config, "root", "readonly") === true;
  const root = mountsOf(subject)?.get("/");
  if (root === undefined)
    return [
      unseen("path", path, whyNone(subject)),
      unseen("readonly", `${readonly}`, whyNone(subject)),
    ];
  const whole = path.startsWith("/") ? path : `${bundle.bundle}/${path}`;
  const directory = root.root ?? "/";
  // Seen through a file system of its own (overlay) the directory is that one's root.
  const same = directory === whole || directory === "/" || whole.endsWith(directory);
  const isReadonly = flagsOf(root).includes("ro");
  return [
    field("path", path, `${directory} of ${root.fstype}`, same),
    field("readonly", `${readonly}`, isReadonly ? "ro" : "rw", isReadonly === readonly),
  ];
}

/** `mounts`, in their order. */
export function mountFields(subject: Subject): SpecField[] {
  const mounts = mountsOf(subject);
  return list(subject.config, "mounts").map((wanted) => {
    const destination = text(wanted, "destination");
    const flags = texts(wanted, "options").filter((option) => FLAGS.includes(option));
    const type = text(wanted, "type") || "bind";
    const from = BINDS.includes(type) ? [text(wanted, "source")] : [];
    const asked = [type, ...from, ...flags].join(" ");
    if (mounts === null) return unseen(destination, asked, whyNone(subject));
    const mount = wantedMount(mounts, destination, type);
    if (mount === undefined) return field(destination, asked, "nothing mounted there", false);
    const shown = flagsOf(mount).filter((option) => FLAGS.includes(option));
    const what = from.length === 0 ? [mount.fstype] : [mount.fstype, mount.root ?? "/"];
    const seen = [...what, ...shown.filter((option) => option !== "rw")].join(" ");
    const same =
      isType(type, mount) && flags.every((flag) => shown.includes(flag) || flag === "rw");
    return field(destination, asked, seen, same);
  });
}

/** Those that mountinfo shows of each mount (mount(8), "file-system independent"). */
const FLAGS = ["ro", "rw", "nosuid", "nodev", "noexec"];

const BINDS = ["bind", "rbind", "none"];

/** v1's hierarchies are mounted below a tmpfs: the first of them stands for all. */
function wantedMount(
  mounts: ReadonlyMap<string, KnownMount>,
  destination: string,
  type: string,
): KnownMount | undefined {
  if (type !== "cgroup") return mounts.get(destination);
  const below = [...mounts.values()].find(
    ({ target, fstype }) => fstype === "cgroup" && target.startsWith(`${destination}/`),
  );
  return below ?? mounts.get(destination);
}

function flagsOf({ options }: KnownMount): string[] {
  return options.split(",");
}

function isType(wanted: string, { fstype }: KnownMount): boolean {
  if (BINDS.includes(wanted)) return true;
  if (wanted === "cgroup") return /^cgroup2?$/.test(fstype);
  return wanted === fstype;
}

/** `linux.maskedPaths` and `linux.readonlyPaths`: what is mounted over each. */
export function coveredFields(subject: Subject): SpecField[] {
  const mounts = mountsOf(subject);
  const row = (path: string, wanted: "masked" | "readonly"): SpecField => {
    if (mounts === null) return unseen(path, wanted, whyNone(subject));
    const mount = mounts.get(path);
    // The runtime passes over what this kernel does not have, without a word.
    if (mount === undefined) return unseen(path, wanted, "not there, or open");
    const how = wanted === "masked" ? maskText(mount) : `${flagsOf(mount)[0] ?? ""} mount`;
    const same =
      wanted === "masked" ? maskText(mount) !== "mounted" : flagsOf(mount).includes("ro");
    return field(path, wanted, how, same);
  };
  return [
    ...texts(subject.config, "linux", "maskedPaths").map((path) => row(path, "masked")),
    ...texts(subject.config, "linux", "readonlyPaths").map((path) => row(path, "readonly")),
  ];
}

function maskText(mount: KnownMount): string {
  if (mount.root?.endsWith("/null")) return "/dev/null over it";
  return mount.fstype === "tmpfs" && flagsOf(mount).includes("ro")
    ? "empty tmpfs over it"
    : "mounted";
}
