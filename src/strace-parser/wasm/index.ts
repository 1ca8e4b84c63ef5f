// AssemblyScript. The module's exports; scanner.ts beside record.ts is their other end.
import { INPUT, PIECE, RECORDS, REPORT } from "./memory";

export { begin, flush, own, scan } from "./scan-lines";
export const input: i32 = INPUT;
export const piece: i32 = PIECE;
export const records: i32 = RECORDS;
export const report: i32 = REPORT;
