import type { Stamped } from "./event-parts.ts";

/**
 * What is in a directory that an overlay was made of (Documentation/filesystems/overlayfs.rst), read
 * around a step's commands. Told when it differs from what was told before.
 */
export interface LayerContents extends Stamped {
  readonly kind: "layer.contents";
  /** As the lab sees it. */
  readonly path: string;
  /** False: there is no such directory, or no more. */
  readonly exists: boolean;
  /** By path. */
  readonly entries: readonly LayerEntry[];
  /** Paths that are whiteouts: the merged view has no such name, whatever lies below. */
  readonly whiteouts: readonly string[];
  /** Directories that hide what lies below them. */
  readonly opaque: readonly string[];
  /** There are names that were not read. */
  readonly cut: boolean;
}

export interface LayerEntry {
  /** Below the layer's directory: `etc/motd`. */
  readonly path: string;
  /** `file`, `directory`, `link`, `character device`, … */
  readonly type: string;
  /** Octal: `0644`. */
  readonly mode: string;
  /** Bytes, of a file. */
  readonly size?: number;
  /** Hard links, of a file with more than one. */
  readonly links?: number;
  /** Where a symbolic link leads. */
  readonly target?: string;
  /** The notes of an overlay: its data is still below; what lies below it is of another name. */
  readonly metacopy?: boolean;
  readonly redirect?: string;
}
