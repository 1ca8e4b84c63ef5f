import type { DumpEvent } from "./event.ts";
import type { Leader } from "./leader.ts";

export type DumpBody = Omit<DumpEvent, "lines" | keyof Leader>;

const headForm = /^ ([*=]) (\d+) (bytes in buffer|buffers in vector) (\d+)$/;
const vcpuForm = /^ (VCPU(?::\d+)? ?[<>] .*)$/s;

/** Reads a line of -e read=, -e write= or -e kvm=. Null when it is none. */
export function readDump(text: string): DumpBody | null {
  if (text.charCodeAt(0) !== 32) return null;
  if (text.startsWith(" | ")) return readRow(text);
  const vcpu = vcpuForm.exec(text);
  if (vcpu !== null) return body("vcpu", 0, vcpu[1] ?? "");
  const head = headForm.exec(text);
  if (head === null) return null;
  const form = head[1] === "*" ? "buffer" : "vector";
  return { ...body(form, Number(head[2]), ""), index: Number(head[4]) };
}

/** ` | 00010  41 42 …  AB… |`: an offset, 49 columns of hexadecimal, 16 of text. */
function readRow(text: string): DumpBody | null {
  if (text.startsWith(" | <")) return body("error", 0, text.slice(3));
  const gap = text.indexOf("  ", 3);
  if (gap < 0) return null;
  const columns = text.slice(gap + 2, gap + 51);
  let data = "";
  for (let column = 0; column < 16; column++) {
    const at = column < 8 ? column * 3 : column * 3 + 1;
    const high = columns.charCodeAt(at);
    if (high === 32 || at >= columns.length) break;
    data += String.fromCharCode(Number.parseInt(columns.slice(at, at + 2), 16));
  }
  const offset = Number.parseInt(text.slice(3, gap), 16);
  return { ...body("row", offset, data), digits: gap - 3 };
}

function body(form: DumpEvent["form"], offset: number, data: string): DumpBody {
  return { type: "dump", form, offset, index: null, data, digits: 5 };
}
