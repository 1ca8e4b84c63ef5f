import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { hideEnviron, hideEnvironment } from "../secrets.ts";

const MOST = 64 << 10;

/** A regular file's first 64 KiB, without the secrets of an environment; null: it is not to be read. */
export async function readHostFile(path: string): Promise<string | null> {
  try {
    // A FIFO that somebody has put there must not hold us (open(2), O_NONBLOCK).
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) return null;
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST), 0, MOST, 0);
      const text = buffer.toString("utf8", 0, bytesRead);
      return path.endsWith("/environ") ? hideEnviron(text) : hideEnvironment(text);
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
