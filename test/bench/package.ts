import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, pack, prepareHelpers } from "../pack/pack.ts";
import { compare } from "./compare.ts";
import type { Figure, Outcome } from "./figure.ts";
import { node, runOnTerminal, runToEnd } from "./programs.ts";

const NAMES = [
  "package-megabytes",
  "package-unpacked-megabytes",
  "installed-version-over-node",
  "installed-first-frame-over-node",
];

/** What a learner fetches and keeps, and how soon what npm made of it is there. */
export async function* packageFigures(): AsyncGenerator<Outcome> {
  const reason = prepareHelpers();
  if (reason !== null) {
    for (const name of NAMES) yield { name, reason };
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), "tsi-package-"));
  try {
    const tarball = pack(folder);
    yield* sizes(tarball);
    install(tarball, join(folder, "prefix"));
    yield* starts(join(folder, "prefix/bin/tsinternals"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* sizes(tarball: string): Generator<Figure> {
  const parts = weighParts(tarball);
  const unpacked = [...parts.values()].reduce((sum, bytes) => sum + bytes, 0);
  const heaviest = [...parts].sort(([, one], [, other]) => other - one).slice(0, 6);
  const detail = heaviest.map(([part, bytes]) => `${part} ${megabytes(bytes).toFixed(2)}`);
  yield {
    name: "package-megabytes",
    value: megabytes(statSync(tarball).size),
    // 1.01 when this was written, with one lesson, whose two recordings are half of it.
    atMost: 3,
    detail: tarball.slice(tarball.lastIndexOf("/") + 1),
  };
  yield {
    name: "package-unpacked-megabytes",
    value: megabytes(unpacked),
    // 3.9 when this was written.
    atMost: 10,
    detail: detail.join(", "),
  };
}

/** Bytes by the first two parts of the path. */
function weighParts(tarball: string): ReadonlyMap<string, number> {
  const lines = execFileSync("tar", ["-tvzf", tarball], { encoding: "utf8" }).trim().split("\n");
  const parts = new Map<string, number>();
  for (const line of lines) {
    const [, , size, , , path = ""] = line.split(/\s+/);
    const [, first = "", second = ""] = path.split("/");
    const part = ["native", "fixtures"].includes(first) && !second.includes(".") ? second : first;
    parts.set(part, (parts.get(part) ?? 0) + Number(size));
  }
  return parts;
}

function megabytes(bytes: number): number {
  return bytes / 1e6;
}

async function* starts(program: string): AsyncGenerator<Figure> {
  yield await compare({
    name: "installed-version-over-node",
    // 1.8 at rest (33 ms of 18): node:child_process, which commander loads, is half of what is more.
    atMost: 3,
    rounds: 15,
    warmUp: 1,
    ours: { name: "tsinternals --version", time: () => runToEnd(node, [program, "--version"]) },
    baseline: { name: "node -e 0", time: () => runToEnd(node, ["-e", "0"]) },
  });
  yield await compare({
    name: "installed-first-frame-over-node",
    // As from the checkout (start.ts): the same files.
    atMost: 13,
    rounds: 12,
    warmUp: 1,
    ours: {
      name: "lesson cgroups --replay to its first frame",
      time: () => runOnTerminal([program, "lesson", "cgroups", "--replay"], "REPLAY"),
    },
    baseline: { name: "node -e 0", time: () => runOnTerminal(["-e", "0"], null) },
  });
}
