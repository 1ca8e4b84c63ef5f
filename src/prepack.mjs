// Before `npm pack` and `npm run pack`: the recordings, a tenth as large, and the static helpers that go
// into the package, with their sums. Without both helpers there is no package.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const native = fileURLToPath(new URL("../native/", import.meta.url));
const ARCHITECTURES = ["aarch64", "x86_64"];
/** Programs, and Debian's packages of them (native/Makefile says what for). */
const TOOLS = {
  make: "make",
  "x86_64-linux-gnu-gcc": process.arch === "x64" ? "gcc" : "gcc-x86-64-linux-gnu",
  "aarch64-linux-gnu-gcc": process.arch === "arm64" ? "gcc" : "gcc-aarch64-linux-gnu",
};

const missing = Object.keys(TOOLS).filter((tool) => spawnSync(tool, ["--version"]).error);
if (missing.length > 0) {
  const packages = [...missing.map((tool) => TOOLS[tool]), "libc6-dev"].join(" ");
  fail(
    `${missing.join(" and ")} missing, and the package has a helper for either architecture`,
    `apt-get install -y ${packages}`,
    3,
  );
}
const made = spawnSync("make", ["--silent", "-C", native, ...ARCHITECTURES], {
  // What `npm pack --json` and its like print on stdout is read by programs.
  stdio: ["ignore", process.stderr, "inherit"],
});
if (made.status !== 0)
  fail("the static helpers cannot be built", `make -C ${native} x86_64 aarch64`);
// npm keeps the modes it finds: under a strict umask(2) only who packs could run them.
for (const architecture of ARCHITECTURES) chmodSync(helper(architecture), 0o755);
writeFileSync(join(native, "build/SHA256SUMS"), ARCHITECTURES.map(sumLine).join(""));

packRecordings();

/** Beyond quality 9 it takes forty times as long for a sixth less. */
function packRecordings() {
  const from = fileURLToPath(new URL("../fixtures/recordings/", import.meta.url));
  const to = fileURLToPath(new URL("../dist/recordings/", import.meta.url));
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9 };
  for (const file of readdirSync(from))
    writeFileSync(
      join(to, `${file}.br`),
      brotliCompressSync(readFileSync(join(from, file)), { params }),
    );
}

/** As sha256sum(1) reads it, from native/build. */
function sumLine(architecture) {
  const hash = createHash("sha256")
    .update(readFileSync(helper(architecture)))
    .digest("hex");
  return `${hash}  ${architecture}/tsi-lab\n`;
}

function helper(architecture) {
  return join(native, "build", architecture, "tsi-lab");
}

/** 3 as everywhere: this machine lacks something. */
function fail(what, fix, status = 1) {
  console.error(`tsinternals: ${what}\n  try: ${fix}`);
  process.exit(status);
}
