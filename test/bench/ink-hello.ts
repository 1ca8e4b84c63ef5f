import { packageRoot } from "../../src/host/paths.ts";
import { bundle } from "./bundle.ts";

/** What Ink's hello world shows. */
export const HELLO = "hello, world";

const SOURCE = `
  import { render, Text } from "ink";
  import { createElement } from "react";
  render(createElement(Text, null, ${JSON.stringify(HELLO)}), { interactive: true });
  setInterval(() => {}, 1000);
`;

/** The least program on the same legs as ours, bundled as src/build.mjs bundles ours. */
export function buildHello(): Promise<{ file: string; remove(): void }> {
  return bundle({ stdin: { contents: SOURCE, resolveDir: packageRoot } });
}
