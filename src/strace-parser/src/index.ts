export { encodeText } from "./byte-text.ts";
export { type DecodedString, decodeString } from "./decode-string.ts";
export type {
  AttachedEvent,
  CallEvent,
  CallState,
  DetachedEvent,
  ExitedEvent,
  ForeignEvent,
  KilledEvent,
  PersonalityEvent,
  SignalEvent,
  SourceLine,
  StoppedEvent,
  SupersededEvent,
  TraceEvent,
} from "./event.ts";
export { createParser, type Parser, parse } from "./parser.ts";
export { print } from "./print.ts";
export { type FdPath, splitPath } from "./split-path.ts";
