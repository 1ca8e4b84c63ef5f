/** A piece of a hijacked stream, one character a byte. */
export interface StreamPiece {
  readonly stream?: "stdin" | "stdout" | "stderr";
  readonly shown: string;
  readonly missing: number;
}

export interface FrameReader {
  take(shown: string, missing: number): StreamPiece[];
}

const STREAMS = ["stdin", "stdout", "stderr"] as const;
const HEADER = 8;

/**
 * Docker's frames around what a container without a terminal prints (its API, "ContainerAttach",
 * "Stream format"): one byte says which stream, three are zero, four are the length, big-endian.
 * With a terminal there are none, and one only knows by looking.
 */
export function createFrameReader(): FrameReader {
  let framed: boolean | null = null;
  let head = "";
  let stream: StreamPiece["stream"];
  let left = 0;

  const takePiece = (shown: string): [StreamPiece | null, rest: string] => {
    if (left === 0) {
      const wanted = HEADER - head.length;
      head += shown.slice(0, wanted);
      if (head.length < HEADER) return [null, ""];
      stream = STREAMS[head.charCodeAt(0)];
      left = Buffer.from(head, "latin1").readUInt32BE(4);
      head = "";
      return [null, shown.slice(wanted)];
    }
    const piece = shown.slice(0, left);
    left -= piece.length;
    return [
      { ...(stream !== undefined && { stream }), shown: piece, missing: 0 },
      shown.slice(piece.length),
    ];
  };

  return {
    take(shown, missing) {
      if (shown !== "")
        framed ??= shown.charCodeAt(0) <= 2 && "\0\0\0".startsWith(shown.slice(1, 4));
      if (framed !== true) return shown === "" && missing === 0 ? [] : [{ shown, missing }];
      const pieces: StreamPiece[] = [];
      for (let rest = shown; rest !== ""; ) {
        const [piece, behind] = takePiece(rest);
        if (piece !== null) pieces.push(piece);
        rest = behind;
      }
      if (missing === 0) return pieces;
      // Behind a hole that is longer than its frame nobody knows where the next begins.
      if (missing > left || head !== "") framed = false;
      left = Math.max(0, left - missing);
      return [...pieces, { ...(stream !== undefined && { stream }), shown: "", missing }];
    },
  };
}
