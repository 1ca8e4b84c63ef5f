/** Cuts a stream of text into lines; what follows the last newline waits for the next chunk. */
export function createLineSplitter(): (chunk: string) => string[] {
  let rest = "";
  return (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    return lines;
  };
}
