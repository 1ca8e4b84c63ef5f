/**
 * A call's record: 32-bit integers, one after another, then the end of each top-level argument but
 * the last. The scanner in WebAssembly (../wasm/) writes it and is compiled with these constants.
 */

// First what is known when the call is cut in two. Offsets are the block's; only records of the
// scanner in WebAssembly have these, but for OPEN.

/** Integers in this record. */
export const SIZE = 0;
/** -1: the line names no process. */
export const PID = 1;
/** The line the call began on, counted from 0: its number, start, body, end of the call's text, stop. */
export const LINE = 2;
export const LINE_START = 3;
export const LINE_BODY = 4;
export const LINE_TO = 5;
export const LINE_STOP = 6;
/** The start's time as printed begins here and ends a space before the body; -1: none. */
export const TIME = 7;
/** Of an epoch time: seconds (unsigned) and microseconds; 0 and -1 when it is none. */
export const EPOCH = 8;
export const EPOCH_MICROS = 9;
/** Brackets open where the first line ends, and the form so far of the argument cut there. */
export const DEPTH = 10;

// Offsets from here on count from the first character of the call's name, halves joined. An absent
// part has length zero at the end of the one before it.

export const OPEN = 11;
/** How much of the record a cut call has, its arguments' ends apart. */
export const HEAD = 12;

/** The end of the last argument, and its form as in the ends from ARGS on. */
export const ARGS_END = 12;
export const CLOSE = 13;
export const RESULT = 14;
export const RESULT_END = 15;
export const ERRNO = 16;
export const ERRNO_END = 17;
/** Closing parenthesis of the text behind the errno, or ERRNO_END. */
export const TEXT_END = 18;
export const NOTES_END = 19;
/** First digit of the duration; 0 when there is none. */
export const SECONDS = 20;
export const END = 21;
export const UNAVAILABLE = 22;
export const ARGC = 23;

/** The duration in microseconds; -1 when there is none, or it is not printed with six decimals. */
export const TOOK = 24;
/** The line with its second half: as above, and where the call's text goes on. -1: there is none. */
export const RESUMED = 25;
export const RESUMED_START = 26;
export const RESUMED_BODY = 27;
export const RESUMED_FROM = 28;
export const RESUMED_STOP = 29;

export const ARGS = 30;

// An argument's end holds its form too, in the bits above the offset. Records of the parser in
// TypeScript have ANY everywhere.
export const OFFSET = 0x0fffffff;
export const FORM = 28;
/** To be looked at: a number, a name, flags, and what the others are not. */
export const ANY = 0;
/** One string and nothing that means anything beside it; one `<…>` likewise. */
export const STRING = 1;
export const LINK = 2;
/** Something with brackets, comments, several strings. */
export const COMPOSED = 3;
