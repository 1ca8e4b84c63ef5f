// Before `npm pack` and `npm run pack`: the static helpers that go into the package, and their sums.
// Without both there is no package.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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
