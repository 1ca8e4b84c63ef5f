import { existsSync } from "node:fs";
import os from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of our package.json, whether this runs from src/ or bundled from dist/. */
export const packageRoot: string = findPackageRoot();

function findPackageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "lessons"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("cannot find the lessons folder of this installation");
    folder = parent;
  }
  return folder;
}

/** The helper's sources, for whoever builds it here. */
export const nativeFolder: string = join(packageRoot, "native");
/**
 * The helper built on this machine; else the static one that came with the package for this machine's
 * architecture, by uname(2)'s name of it (`x86_64`).
 */
export const helperPath: string = findHelper();

function findHelper(): string {
  const built = join(nativeFolder, "build", "tsi-lab");
  const packed = join(nativeFolder, "build", os.machine(), "tsi-lab");
  return !existsSync(built) && existsSync(packed) ? packed : built;
}

export const lessonsFolder: string = join(packageRoot, "lessons");
export const recordingsFolder: string = join(packageRoot, "fixtures", "recordings");
/** Where the package has them instead, compressed (src/prepack.mjs). */
export const packedRecordingsFolder: string = join(packageRoot, "dist", "recordings");
