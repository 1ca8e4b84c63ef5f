import { describe, expect, test } from "vitest";
import { examine } from "../../src/host/doctor.ts";
import type { HostFacts } from "../../src/host/host-facts.ts";
import { labMode, missingForLive } from "../../src/host/live.ts";
import { givingCommand, hasRange } from "../../src/host/rootless.ts";
import { userNamespaceTrouble } from "../../src/host/user-namespaces.ts";

/** A machine of files; what is not there cannot be read. */
const machine = (files: Record<string, string>) => (path: string) => files[path] ?? null;
const MOUNTINFO =
  "24 1 0:22 / /proc rw - proc proc rw\n25 24 0:30 / /proc/sys/fs/binfmt_misc rw - x x rw";

describe("why an ordinary user gets no lab", () => {
  const sysctl = (name: string, value: string) => ({ [`/proc/sys/${name}`]: `${value}\n` });
  const cases: [string, Record<string, string>, boolean | null, RegExp | null][] = [
    ["nothing speaks against it", { "/proc/self/mountinfo": MOUNTINFO }, true, null],
    ["nothing is known", {}, null, null],
    ["switched off", sysctl("user/max_user_namespaces", "0"), false, /max_user_namespaces = 0/],
    ["many allowed", sysctl("user/max_user_namespaces", "96365"), true, null],
    ["Debian", sysctl("kernel/unprivileged_userns_clone", "0"), false, /for root only/],
    ["Debian, allowed", sysctl("kernel/unprivileged_userns_clone", "1"), true, null],
    [
      "Ubuntu: made, but worth nothing",
      sysctl("kernel/apparmor_restrict_unprivileged_userns", "1"),
      true,
      /AppArmor takes all capabilities/,
    ],
    ["Ubuntu, allowed", sysctl("kernel/apparmor_restrict_unprivileged_userns", "0"), true, null],
    ["a container", { "/proc/self/status": "Name:\tnode\nSeccomp:\t2\n" }, false, /seccomp filter/],
    ["refused, who knows why", { "/proc/self/status": "Seccomp:\t0\n" }, false, /refuses user/],
    [
      "a profile of AppArmor's",
      { "/proc/self/attr/apparmor/current": "shell (enforce)\n" },
      false,
      /^the AppArmor profile shell keeps/,
    ],
    ["no profile", { "/proc/self/attr/apparmor/current": "unconfined\n" }, false, /refuses user/],
    [
      "masked /proc",
      { "/proc/self/mountinfo": `${MOUNTINFO}\n26 24 0:9 / /proc/kcore rw - tmpfs tmpfs rw` },
      true,
      /hidden here \(\/proc\/kcore\)/,
    ],
  ];
  test.each(cases)("%s", (_name, files, probed, expected) => {
    const trouble = userNamespaceTrouble(machine(files), probed);
    if (expected === null) expect(trouble).toBeNull();
    else expect(trouble?.what).toMatch(expected);
    if (trouble !== null) expect(trouble.fix).toMatch(/\w/);
  });
});

describe("a range of users", () => {
  const files = { "/etc/subuid": "ann:100000:65536\n1001:200000:10\n", "/etc/subgid": "ann:1:9\n" };
  test("is somebody's by name or by uid, in both files", () => {
    const mapped = hasRange(1000, "ann", machine(files));
    expect(hasRange(1001, "bob", machine(files))).toBe(false);
    expect(hasRange(1002, null, machine(files))).toBe(false);
    // The files allow it; whether newuidmap is installed is this machine's own affair.
    expect(typeof mapped).toBe("boolean");
  });
});

const user: HostFacts = {
  platform: "linux",
  os: "Debian",
  kernel: "6.1",
  arch: "x86_64",
  node: "24.0.0",
  root: false,
  cgroup: { version: "v1", v1: ["memory", "freezer", "cpuset"], v2: [], v2Mount: null },
  rootless: {
    uid: 1000,
    trouble: null,
    delegation: "directories",
    controllers: ["memory", "freezer"],
    range: true,
  },
  systemd: false,
  helper: true,
  noexec: false,
  trouble: null,
  strace: "6.1",
  programs: [],
  refusals: [],
  installer: "apt-get",
};

describe("which lessons run without root", () => {
  const missing = (needs: string[], facts: Partial<HostFacts["rootless"]> = {}) =>
    missingForLive({ id: "x", needs }, { ...user, rootless: { ...user.rootless, ...facts } });

  test("those whose needs a rootless lab meets", () => {
    expect(missing(["linux", "netns"])).toEqual([]);
    expect(missing(["linux", "cgroup.memory", "cgroup.freeze"])).toEqual([]);
  });

  test("the others say why, and that sudo helps", () => {
    const [root] = missing(["root"]);
    expect(root).toEqual({ what: "it needs root", fix: "sudo tsinternals lesson x" });
    const [cpuset] = missing(["cgroup.memory", "cgroup.cpuset"]);
    expect(cpuset?.what).toBe("it needs cgroup.cpuset, and this user's cgroups have none");
    const [none] = missing(["cgroup"], { delegation: null, controllers: [] });
    expect(none?.fix).toContain("sudo tsinternals lesson x; or as tsinternals doctor says");
    const trouble = { what: "AppArmor", fix: "sysctl" };
    expect(missing(["linux"], { trouble })[0]?.what).toBe("AppArmor");
  });

  test("root gets a root lab unless it asks for another", () => {
    expect(labMode({ ...user, root: true }, null)).toBe("root");
    expect(labMode({ ...user, root: true }, "rootless")).toBe("rootless");
    expect(labMode(user, null)).toBe("rootless");
    const nobody = { ...user, root: true, rootless: { ...user.rootless, uid: null } };
    const [refused] = missingForLive({ id: "x", needs: [] }, nobody, "rootless");
    expect(refused?.what).toContain("belongs to an ordinary user");
    expect(missingForLive({ id: "x", needs: [] }, user, "root")[0]?.what).toContain("needs root");
  });

  test("the doctor says what a user's lab has, and one line for what it has not", () => {
    const ids = (facts: HostFacts) =>
      examine(facts)
        .filter(({ ok }) => !ok)
        .map(({ id, required }) => [id, required]);
    expect(ids(user)).toEqual([]);
    const bare = { ...user.rootless, delegation: null, controllers: [], range: false };
    expect(ids({ ...user, rootless: bare })).toEqual([
      ["user", false],
      ["ids", false],
    ]);
    const trouble = { what: "AppArmor", fix: "sysctl" };
    expect(ids({ ...user, rootless: { ...user.rootless, trouble } })).toEqual([
      ["lab", true],
      ["userns", false],
    ]);
  });

  test("the line for root makes a directory in each v1 hierarchy, and gives away only that", () => {
    const command = givingCommand(1000);
    expect(command).toContain("d=$h/tsinternals-1000");
    expect(command).toContain("chown 1000 $d $d/cgroup.procs $d/tasks");
    expect(command).not.toContain("'");
  });
});
