import type { Stamped } from "./event-parts.ts";

/**
 * A container that an OCI runtime (runc, crun) made from a bundle: what its config.json asks for,
 * and what the kernel shows of its process. The runtime's own note says where the bundle is and
 * which process it became (runtime-spec, "bundle" and "runtime").
 */
export type BundleEvent = BundleConfig | BundleProcess;

interface OfContainer extends Stamped {
  /** The name it was given; unique within its root. */
  readonly container: string;
  /** The runtime's root directory (`--root`), `/run/runc`. */
  readonly root: string;
  /** The container's first process. */
  readonly labPid: number;
  readonly pid?: number;
}

/** The container's note was found. */
export interface BundleConfig extends OfContainer {
  readonly kind: "bundle.config";
  /** `runc`, `crun`. */
  readonly runtime: string;
  /** The bundle's directory, as the lab sees it. */
  readonly bundle: string;
  /** config.json, the first 64 KiB; null when it is not there any more. */
  readonly text: string | null;
}

/**
 * What files below /proc/PID say of the process, by name (proc(5)). Told when the container was
 * made and whenever its process executes another program. Null: it could not be read.
 */
export interface BundleProcess extends OfContainer {
  readonly kind: "bundle.process";
  readonly proc: Readonly<Partial<Record<ProcFile, string | null>>>;
}

export const PROC_FILES = [
  "status",
  "limits",
  "cgroup",
  "cmdline",
  "environ",
  "uid_map",
  "gid_map",
  "oom_score_adj",
  "attr/current",
] as const;

export type ProcFile = (typeof PROC_FILES)[number];
