/** Where the value reader stands. One object, used again for each value. */
export const cursor = {
  bytes: new Uint8Array(0) as Uint8Array,
  /** The same as `bytes`, one character a byte. */
  text: "",
  at: 0,
  to: 0,
  depth: 0,
};
