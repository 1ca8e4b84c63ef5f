import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { packageRoot } from "../../src/host/paths.ts";

/** What Ink's hello world shows. */
export const HELLO = "hello, world";

const SOURCE = `
  import { render, Text } from "ink";
  import { createElement } from "react";
  render(createElement(Text, null, ${JSON.stringify(HELLO)}), { interactive: true });
  setInterval(() => {}, 1000);
`;

/** The least program on the same legs as ours, bundled as src/build.mjs bundles ours. */
export async function buildHello(): Promise<{ file: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "tsi-bench-"));
  const file = join(folder, "hello.mjs");
  await build({
    stdin: { contents: SOURCE, resolveDir: packageRoot },
    outfile: file,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node22",
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
  return { file, remove: () => rmSync(folder, { recursive: true }) };
}
