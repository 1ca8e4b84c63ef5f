// Builds what runs: dist/ (bundled by esbuild, so that it starts fast) and native/build/tsi-lab.
// Run by `npm ci` (script "prepare") and `npm run build`.
import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { thirdPartyNotices } from "./third-party.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS packages inside an ES module still call require(). */
const REQUIRE = {
  js: 'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);',
};

async function buildProgram() {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/first.ts", "src/cli.ts"],
    metafile: true,
    outdir: "dist",
    bundle: true,
    splitting: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node22",
    // Read files of their own at run time; only the dashboard loads them, where they are installed.
    external: ["blessed", "blessed-contrib"],
    // Workspaces are taken from their sources, not from their built packages.
    conditions: ["source"],
    alias: {
      // Ink loads React's devtools only when DEV is set; they are not installed.
      "react-devtools-core": "./src/build-stub.mjs",
      // 1.4 MB that marked-terminal loads and no lesson uses: the colours of 190 languages, emoji.
      "cli-highlight": "./src/build-stub.mjs",
      "node-emoji": "./src/build-stub.mjs",
    },
    define: {
      "process.env.NODE_ENV": '"production"',
      "process.env.DEV": '"false"',
      // yoga-layout unpacks its WebAssembly through fetch() when there is one: that loads undici,
      // a fifth of the start. Without fetch it decodes the same bytes itself.
      fetch: "undefined",
      "Intl.Segmenter": "LazySegmenter",
    },
    inject: ["src/build-segmenter.mjs"],
    banner: REQUIRE,
    logLevel: "warning",
  });
  copyFileSync(join(root, "src/tsinternals.mjs"), join(root, "dist/tsinternals.mjs"));
  writeFileSync(join(root, "dist/THIRD-PARTY.md"), thirdPartyNotices(root, metafile));
}

/** The parser as a package of its own: what it exports, and its command. */
async function buildParser() {
  await build({
    absWorkingDir: join(root, "src/strace-parser"),
    entryPoints: ["src/index.ts", "src/cli.ts"],
    outdir: "dist",
    bundle: true,
    platform: "neutral",
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
}

function has(program) {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The helper is Linux's alone; without it lessons play their recordings, and the doctor says so. */
function buildHelper() {
  if (process.platform !== "linux") return;
  const missing = ["make", "cc"].filter((program) => !has(program));
  if (missing.length > 0) {
    console.error(
      `tsinternals: ${missing.join(" and ")} missing, so the native helper is not built and lessons ` +
        "play their recordings.\n  try: apt-get install -y gcc make libc6-dev && npm run build",
    );
    return;
  }
  const made = spawnSync("make", ["--silent", "-C", join(root, "native")], { stdio: "inherit" });
  if (made.status !== 0) process.exitCode = 1;
}

/**
 * The lessons as they are once parsed, which takes longer than all the rest of a start. Beside each
 * stands the text it was made of: a lesson that has changed since is parsed anew (load-lesson.ts).
 */
async function compileLessons() {
  const parser = join(root, "dist/compiled/parse.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["src/lesson/parse.ts"],
    outfile: parser,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    banner: REQUIRE,
    logLevel: "warning",
  });
  const { parseLesson } = await import(pathToFileURL(parser).href);
  rmSync(parser);
  for (const id of readdirSync(join(root, "lessons"))) {
    const file = `lessons/${id}/lesson.md`;
    if (!existsSync(join(root, file))) continue;
    const text = readFileSync(join(root, file), "utf8");
    const compiled = JSON.stringify({ text, lesson: parseLesson(text, file) });
    writeFileSync(join(root, `dist/compiled/${id}.json`), compiled);
  }
}

/** Out of the program's own tables (src/commands/man-page.ts). */
function printManual() {
  const program = join(root, "dist/tsinternals.mjs");
  const printed = spawnSync(process.execPath, [program, "man"], { encoding: "utf8" });
  if (printed.status !== 0) throw new Error(`tsinternals man: ${printed.stderr}`);
  writeFileSync(join(root, "dist/tsinternals.1"), printed.stdout);
}

await buildProgram();
await compileLessons();
printManual();
await buildParser();
buildHelper();
