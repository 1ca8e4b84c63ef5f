import { existsSync } from "node:fs";
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

export const helperPath: string = join(packageRoot, "native", "build", "tsi-lab");
export const lessonsFolder: string = join(packageRoot, "lessons");
export const recordingsFolder: string = join(packageRoot, "fixtures", "recordings");
