import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { packageRoot } from "../../src/host/paths.ts";

/** A program in one file, bundled as src/build.mjs bundles ours; it finds the package's files. */
export async function bundle(
  what: Pick<BuildOptions, "stdin" | "entryPoints">,
): Promise<{ file: string; folder: string; remove(): void }> {
  const cache = join(packageRoot, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "tsi-bench-"));
  const file = join(folder, "program.mjs");
  await build({
    ...what,
    absWorkingDir: packageRoot,
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node22",
    conditions: ["source"],
    alias: { "react-devtools-core": join(packageRoot, "src/build-stub.mjs") },
    define: {
      "process.env.NODE_ENV": '"production"',
      "process.env.DEV": '"false"',
      fetch: "undefined",
    },
    banner: {
      js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
    },
    logLevel: "warning",
  });
  return { file, folder, remove: () => rmSync(folder, { recursive: true }) };
}
