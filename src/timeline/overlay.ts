import type { Mount } from "./event-kernel.ts";

/** An overlay's directories as they stand in its options, the uppermost first. */
export interface OverlayOptions {
  /** Null: read-only, made of lower directories alone. */
  readonly upper: string | null;
  readonly lower: readonly string[];
}

/** The directories of a mount; null when it is no overlay. */
export function overlayOptions({
  fstype,
  options,
}: Pick<Mount, "fstype" | "options">): OverlayOptions | null {
  if (fstype !== "overlay") return null;
  const lower: string[] = [];
  let upper: string | null = null;
  // A comma in a path is shown in octal (seq_file's escapes), so the bare ones part the options.
  for (const option of options.split(",")) {
    const equals = option.indexOf("=");
    const [name, value] = [option.slice(0, equals), unescapeOctal(option.slice(equals + 1))];
    if (name === "upperdir") upper = value;
    else if (name === "lowerdir") lower.push(...splitLower(value));
    else if (name === "lowerdir+" || name === "datadir+") lower.push(value);
  }
  return lower.length === 0 ? null : { upper, lower };
}

/** Bytes, so that octal escapes of one UTF-8 character come together again. */
function unescapeOctal(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes = [...new TextEncoder().encode(text)];
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const octal = /^\\([0-7]{3})/.exec(String.fromCharCode(...bytes.slice(at, at + 4)));
    out.push(octal === null ? (bytes[at] as number) : Number.parseInt(octal[1] as string, 8) & 255);
    if (octal !== null) at += 3;
  }
  return new TextDecoder().decode(Uint8Array.from(out));
}

/** `a:b\:c::data` → a, b:c, data (two colons come before layers that have data alone). */
function splitLower(value: string): string[] {
  const pieces = value.match(/(?:[^:\\]|\\.)+/gs) ?? [];
  return pieces.map((piece) => piece.replace(/\\(.)/gs, "$1"));
}

/**
 * Where a directory may be. One that is relative was so to whoever mounted it; Docker mounts long
 * lists from /var/lib/docker/overlay2, a directory above the target.
 */
export function placesOfLayer(directory: string, target: string): string[] {
  if (directory.startsWith("/")) return [directory];
  const places: string[] = [];
  for (let at = target; at !== ""; at = at.slice(0, at.lastIndexOf("/")))
    places.push(`${at}/${directory}`);
  return [...places, `/${directory}`];
}
