// AssemblyScript. What stands where in the module's memory, which never grows.

/** Bytes the scanner takes at once: whole lines. */
export const PIECE: i32 = 1 << 17;

/** What `scan` says beside its status: see scan-lines.ts. */
export const REPORT: i32 = 64;

/** One slot of sixteen bytes for each 1024th process id: see open-heads.ts. */
export const SLOTS: i32 = 4096;
export const SLOTS_END: i32 = SLOTS + 1024 * 16;

/** Room in front and behind, so that vectors may be loaded across the edges. */
export const INPUT: i32 = SLOTS_END + 1024;

/** Where the bytes that mean something are, offsets from INPUT: at worst each byte does. */
export const TOKENS: i32 = INPUT + PIECE + 1024;

export const RECORDS: i32 = TOKENS + PIECE * 4 + 1024;
export const RECORDS_END: i32 = RECORDS + (1 << 19);

/** Records of cut calls. */
export const HEADS: i32 = RECORDS_END;
export const HEADS_END: i32 = HEADS + (1 << 18);

/** A call with more arguments than this is left to the parser in TypeScript. */
export const MAX_ARGS: i32 = 1024;
