// What of others is in the program, with its licences: their terms want them to go along.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The static helper (native/Makefile, x86_64 and aarch64) has it in it. */
const MUSL = {
  name: "musl",
  version: "",
  license: "MIT",
  texts: [
    `Copyright © 2005-2020 Rich Felker, et al.
(in the aarch64 helper also: Copyright © 1999-2019, Arm Limited)

Permission is hereby granted, free of charge, to any person obtaining
a copy of this software and associated documentation files (the
"Software"), to deal in the Software without restriction, including
without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to
permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT,
TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`,
  ],
};

/** The notices as Markdown, from esbuild's list of what went into the bundle. */
export function thirdPartyNotices(root, { outputs }) {
  const inputs = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(inputs.map(packageFolder).filter((folder) => folder !== null));
  const packages = [...folders].map((folder) => readPackage(join(root, folder)));
  packages.sort((a, b) => (a.name < b.name ? -1 : 1));
  const sections = [...packages, MUSL].map(
    ({ name, version, license, texts }) =>
      `## ${`${name} ${version}`.trim()} (${license})\n\n${texts.map(indent).join("\n\n")}\n`,
  );
  return `# What of others is in here, and its licences\n\n${sections.join("\n")}`;
}

function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? null;
}

/** A package without a licence is none that may be passed on. */
function readPackage(folder) {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  );
  if (!license) throw new Error(`${folder} does not say under what licence it is`);
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  const { name: by = author } = typeof author === "object" ? author : {};
  return { name, version, license, texts: texts.length > 0 ? texts : [`By ${by ?? name}.`] };
}

function indent(text) {
  return text.replaceAll(/\r/g, "").replaceAll(/^(?=.)/gm, "    ");
}
