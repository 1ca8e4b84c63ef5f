import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cgroupLayout } from "../../src/host/cgroup-layout.ts";
import { examine } from "../../src/host/doctor.ts";
import { differences } from "../../src/host/fingerprint.ts";
import type { HostFacts } from "../../src/host/host-facts.ts";
import { missingForLive } from "../../src/host/live.ts";
import { installCommand } from "../../src/host/packages.ts";
import { findPrograms, withPrograms } from "../../src/host/programs.ts";
import { refusalOfV1 } from "../../src/host/refusals.ts";
import { unmetNeeds } from "../../src/lesson/needs.ts";

const V2_LINE = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate";
const JOINED_LINE =
  "31 30 0:27 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct";
const MEMORY_LINE = "32 30 0:28 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory";
const UNIFIED_LINE = "33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";
const controllers = (text: string | null) => (path: string) =>
  path.endsWith("/cgroup.controllers") ? text : null;

describe("the cgroup layout", () => {
  test("v2, v1, hybrid, none: the memory controller decides", () => {
    expect(cgroupLayout(V2_LINE, controllers("cpu memory pids\n"))).toEqual({
      version: "v2",
      v1: [],
      v2: ["cpu", "memory", "pids"],
      v2Mount: "/sys/fs/cgroup",
    });
    expect(cgroupLayout(`${JOINED_LINE}\n${MEMORY_LINE}`, controllers(null))).toMatchObject({
      version: "v1",
      v1: ["cpu", "cpuacct", "memory"],
      v2Mount: null,
    });
    const hybrid = cgroupLayout(`${MEMORY_LINE}\n${UNIFIED_LINE}`, controllers("hugetlb\n"));
    expect(hybrid).toMatchObject({
      version: "v1",
      v2: ["hugetlb"],
      v2Mount: "/sys/fs/cgroup/unified",
    });
    expect(cgroupLayout(UNIFIED_LINE, controllers("\n")).version).toBe("none");
    expect(cgroupLayout("", controllers(null)).version).toBe("none");
  });
});

const able: HostFacts = {
  platform: "linux",
  os: "Debian",
  kernel: "6.1",
  arch: "x86_64",
  node: "24.0.0",
  root: true,
  cgroup: { version: "v2", v1: [], v2: ["memory"], v2Mount: "/sys/fs/cgroup" },
  rootless: { uid: null, trouble: null, delegation: null, controllers: [], range: false },
  systemd: true,
  helper: true,
  noexec: false,
  trouble: null,
  strace: "6.1",
  programs: [],
  refusals: [],
  installer: "apt-get",
};
const lesson = { id: "cgroups", needs: ["linux", "root", "cgroup"] as const };
const missing = (facts: Partial<HostFacts>) =>
  missingForLive(lesson, { ...able, ...facts }).map(({ what, fix }) => `${what}: ${fix}`);

describe("what a host lacks", () => {
  test("nothing, where all is there; strace is not required", () => {
    expect(missing({})).toEqual([]);
    expect(missing({ strace: null })).toEqual([]);
  });

  test("a helper that may not be executed, and a root that may do nothing: said by both", () => {
    expect(missing({ noexec: true })).toEqual([expect.stringMatching(/mounted noexec.*remount/)]);
    const trouble = { what: "a container's root", fix: "--privileged" };
    expect(missing({ trouble })).toEqual(["a container's root: --privileged"]);
    const bad = examine({ ...able, noexec: true, trouble }).filter(({ ok }) => !ok);
    expect(bad.map(({ id, required }) => `${id} ${required}`)).toEqual(["helper true", "lab true"]);
  });

  test("each is named with what to do", () => {
    const user = { uid: 1000, trouble: null, delegation: null, controllers: [], range: false };
    expect(missing({ root: false, rootless: user })).toEqual([
      "it needs root: sudo tsinternals lesson cgroups",
    ]);
    expect(missing({ helper: false })[0]).toContain(
      "apt-get install -y gcc make libc6-dev && make --silent -C '",
    );
    expect(missing({ cgroup: { ...able.cgroup, version: "none" } })[0]).toContain(
      "memory controller",
    );
    expect(missing({ platform: "darwin" })).toHaveLength(1);
  });

  test("controllers in the wrong tree, or in none", () => {
    const needs = ["linux", "cgroup.memory", "cgroup.cpu", "cgroup.freeze"];
    const split = { ...able.cgroup, v1: ["cpu", "pids", "freezer"], v2: ["cpuset", "memory"] };
    const facts = { ...able, cgroup: split };
    const said = "split: cpu, pids in v1, cpuset, memory in v2";
    expect(missingForLive({ id: "x", needs }, facts).map(({ what }) => what)).toEqual([
      `the cgroup controllers are ${said}`,
    ]);
    expect(missingForLive({ id: "x", needs: ["netns"] }, facts)).toEqual([]);
    expect(examine(facts).find(({ ok }) => !ok)).toMatchObject({ id: "cgroup", found: said });

    const [none] = missingForLive({ id: "x", needs }, able);
    expect(none?.what).toBe("it needs cgroup.cpu, and this kernel's cgroup v2 has none");
    const whole = { ...able.cgroup, v2: ["cpu", "memory"] };
    expect(missingForLive({ id: "x", needs }, { ...able, cgroup: whole })).toEqual([]);
  });

  test("a range of users, where a user has none", () => {
    const user = { uid: 1000, trouble: null, delegation: null, controllers: [], range: false };
    const of = (range: boolean, root = false) => {
      const facts = { ...able, root, rootless: { ...user, range } };
      return missingForLive({ id: "x", needs: ["ids.range"] }, facts).map(({ what }) => what);
    };
    expect(of(false)[0]).toContain("user 1000 has no others");
    expect(of(true)).toEqual([]);
    expect(of(false, true)).toEqual([]);
  });

  test("programs that a lesson runs", () => {
    const needs = ["linux", "program.runc", "program.docker", "program.dockerd"];
    const facts = { ...able, programs: ["runc"] };
    expect(missingForLive({ id: "x", needs }, facts)).toEqual([
      {
        what: "it needs docker, dockerd, which are not installed",
        fix: "apt-get install -y docker.io",
      },
    ]);
    expect(missingForLive({ id: "x", needs: ["program.runc"] }, facts)).toEqual([]);
    expect(examine(facts, needs).find(({ id }) => id === "program")).toMatchObject({
      ...{ ok: false, required: false, found: "not here: docker, dockerd" },
    });
    expect(examine(facts, ["program.runc"]).every(({ ok }) => ok)).toBe(true);
    const lab = { can: ["netns"], lacks: [{ what: "mknod", why: "root only" }] };
    const abilities = withPrograms(lab, { ...facts, installer: "dnf" });
    expect(unmetNeeds(["program.runc", "netns", "program.crun", "mknod"], abilities)).toEqual([
      {
        need: "program.crun",
        why: "crun is not installed: dnf install -y crun",
      },
      { need: "mknod", why: "root only" },
    ]);
  });

  test("a program that refuses this host is no ability, and the doctor says so", () => {
    const refusal = refusalOfV1("systemd-nspawn", "systemd 262 (262-1)\n+PAM +AUDIT");
    const why = "systemd-nspawn 262 does not work with cgroup v1, which this host has";
    expect(refusal).toEqual({ what: "program.systemd-nspawn", why });
    const facts = { ...able, programs: ["systemd-nspawn"], refusals: refusal ? [refusal] : [] };
    const unmet = (its: HostFacts) =>
      unmetNeeds(["program.systemd-nspawn"], withPrograms({ can: [], lacks: [] }, its));
    expect(unmet(facts)).toEqual([{ need: "program.systemd-nspawn", why }]);
    expect(unmet({ ...facts, refusals: [] })).toEqual([]);
    const found = `all that lessons run; ${why}`;
    expect(examine(facts, ["program.systemd-nspawn"]).at(-1)).toMatchObject({ ok: true, found });
    expect(examine(facts, ["program.busybox"]).at(-1)?.found).toBe("not here: busybox");
  });

  test("who refuses cgroup v1 is known by the version", () => {
    expect(refusalOfV1("lxc-start", "7.0.0")?.what).toBe("program.lxc-start");
    for (const [name, older] of [
      ["lxc-start", "6.0.4"],
      ["lxc-start", ""],
      ["systemd-nspawn", "systemd 257 (257.9-1)"],
      ["runc", "systemd 262 (262-1)"],
    ] as const)
      expect(refusalOfV1(name, older), name).toBeNull();
  });

  test("a program is one that can be executed, in the lab's PATH", () => {
    const folder = mkdtempSync(join(tmpdir(), "tsi-programs-"));
    try {
      writeFileSync(join(folder, "runc"), "");
      expect(findPrograms(`/nowhere:${folder}`)).toEqual([]);
      chmodSync(join(folder, "runc"), 0o755);
      expect(findPrograms(`/nowhere:${folder}`)).toEqual(["runc"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("the doctor's findings agree, and every bad one has a fix", () => {
    expect(examine(able).every(({ ok }) => ok)).toBe(true);
    const bad = examine({ ...able, root: false, strace: null, helper: false, installer: null });
    expect(bad.filter(({ ok }) => !ok).map(({ id, required }) => [id, required])).toEqual([
      ["helper", true],
      ["lab", true],
      ["strace", false],
    ]);
    expect(bad.every(({ ok, fix }) => ok === (fix === null))).toBe(true);
  });

  test("packages have the names of each distribution", () => {
    expect(installCommand("apk", "build")).toBe("apk add gcc make musl-dev linux-headers");
    expect(installCommand(null, "strace")).toBe("install strace");
  });
});

describe("the fingerprint", () => {
  test("names what is new and what is gone", () => {
    const before = { hostname: "h", links: ["lo", "eth0"], mounts: ["/ x"] };
    const after = { hostname: "lab", links: ["lo", "br0"], mounts: ["/ x", "/y z"] };
    expect(differences(before, before)).toEqual([]);
    expect(differences(before, after)).toEqual([
      "the host is now called lab",
      "new in links: br0",
      "gone from links: eth0",
      "new in mounts: /y z",
    ]);
  });
});
