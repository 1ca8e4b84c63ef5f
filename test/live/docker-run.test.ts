import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { spared } from "./native-helper.ts";
import {
  hostFingerprint,
  type Line,
  labOf,
  remainsWithin,
  startUntil,
  whyNotLive,
} from "./program.ts";

const PROGRAMS = "docker dockerd containerd ctr runc busybox curl".split(" ");

function whyNot(): string | null {
  const path = (process.env.PATH ?? "").split(":");
  const missing = PROGRAMS.filter((name) => !path.some((each) => existsSync(`${each}/${name}`)));
  // A guest takes minutes to come so far; there the lesson itself is taken (test/vm).
  return whyNotLive() ?? (missing.length > 0 ? `needs ${missing.join(", ")}` : spared || null);
}

const why = whyNot();

/** Where a Docker of the host's has its things, and what it does to the host. */
function hostDocker(): string {
  const places = ["/var/lib/docker", "/var/lib/containerd", "/run/docker", "/run/containerd"];
  const files = [...places, "/run/docker.sock", "/run/docker.pid", "/etc/docker"];
  const there = files.map((file) => `${file} ${existsSync(file) ? namesIn(file) : "-"}`);
  const forward = readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8");
  return [...there, forward, ...rules("iptables-save"), ...rules("ip6tables-save")].join("\n");
}

function namesIn(file: string): string {
  try {
    return readdirSync(file).sort().join(" ");
  } catch {
    return "a file";
  }
}

/** Without counters and dates (`iptables-save`'s comments). */
function rules(program: string): string[] {
  try {
    const text = execFileSync(program, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return text.split("\n").filter((line) => /^[-*]/.test(line));
  } catch {
    return [];
  }
}

describe.skipIf(why !== null)(`the docker-run lesson${why === null ? "" : ` (${why})`}`, () => {
  let before: string[] = [];
  const host = () => [hostFingerprint(), hostDocker()];

  beforeAll(() => {
    before = host();
  });

  test("kill -9 with daemons and containers running leaves nothing, and the host's as it was", async () => {
    const args = ["lesson", "docker-run", "--auto", "--json"];
    const killed = (line: Line) => line.kind === "run.start" && line.step === "kill-dockerd";
    const { session, lines } = await startUntil(args, killed);
    process.kill(session.pid as number, "SIGKILL");
    await session;
    expect((await remainsWithin(labOf(lines), 1000)).left).toEqual([]);
    expect(host()).toEqual(before);
    // strace follows the two steps that ask for it, a third has its own, and no daemon is traced.
    const starts = lines.filter(({ kind }) => kind === "run.start" || kind === "watch.start");
    const stepOf = new Map(starts.map(({ run, step }) => [run, step]));
    const traced = lines.filter(({ kind }) => kind === "syscall").map(({ run }) => stepOf.get(run));
    expect([...new Set(traced)]).toEqual(["requests", "curl", "terminal"]);
  });
});
