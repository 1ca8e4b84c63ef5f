import type { ChartKind } from "./charts.ts";

const UNITS = ["", "K", "M", "G", "T"];

/** `64M`, `17 %`, `9.5/s`, `16`: as short as it can be. */
export function valueText(kind: ChartKind, value: number): string {
  if (kind === "memory") return bytesText(value);
  if (kind === "cpu") return `${short(value)}%`;
  return kind === "throttled" ? `${short(value)}/s` : short(value);
}

/** Powers of 1024, as the kernel takes them. */
function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${short(bytes / 1024 ** power)}${UNITS[power]}`;
}

function short(value: number): string {
  return value >= 10 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
}
