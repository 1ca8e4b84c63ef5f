// node wasm/build.mjs: compiles the scanner into ../src/scanner-bytes.ts. To be run after a change
// here or in ../src/record.ts; a test compiles again and compares.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The module's bytes. Throws what the compiler says. */
export async function compile() {
  let binary;
  const memory = ["--initialMemory", "26", "--maximumMemory", "26", "--zeroFilledMemory"];
  const { error, stderr } = await asc.main(
    [
      "index.ts",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--enable",
      "simd",
      ...memory,
      "--outFile",
      "scan.wasm",
    ],
    {
      stdout: asc.createMemoryStream(),
      stderr: asc.createMemoryStream(),
      readFile(name) {
        const file = join(here, name);
        return existsSync(file) ? readFileSync(file, "utf8") : null;
      },
      writeFile(_name, contents) {
        binary = contents;
      },
    },
  );
  if (error !== null) throw new Error(stderr.toString());
  return binary;
}

/** What ../src/scanner-bytes.ts holds. */
export function moduleText(binary) {
  return `// Made by ../wasm/build.mjs from the AssemblyScript beside it: ${binary.length} bytes.
const base64 =
  "${Buffer.from(binary).toString("base64")}";

/** The scanner as a WebAssembly module. */
export function bytes(): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("../src/scanner-bytes.ts", import.meta.url), moduleText(await compile()));
}
