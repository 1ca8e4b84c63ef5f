import { describe, expect, test } from "vitest";
import type { HostFacts, Installer } from "../../src/host/host-facts.ts";
import { packageOf } from "../../src/host/package-names.ts";
import { installProgramsCommand } from "../../src/host/programs.ts";
import { setupPlan } from "../../src/host/setup.ts";
import { PROGRAMS } from "../../src/lesson/programs.ts";

const MANAGERS: readonly Installer[] = ["apt-get", "dnf", "apk", "pacman", "zypper"];
/** What the plan looks at; the rest of a machine plays no part in it. */
const bare = {
  ...{ installer: "apt-get", helper: true, strace: "6.1", programs: [], root: true },
  rootless: { uid: null },
} as unknown as HostFacts;
const root = { becomeRoot: [], newuidmap: true };
const needs = ["linux", "program.ip", "program.conntrack", "program.docker", "program.dockerd"];

describe("what setup would run", () => {
  test("nothing where nothing is missing", () => {
    expect(setupPlan(bare, ["linux"], root)).toEqual({ commands: [], unavailable: [], notes: [] });
  });

  test("each package once, with a word about daemons that start", () => {
    const { commands, notes } = setupPlan(bare, needs, root);
    expect(commands).toEqual([
      ["apt-get", "update"],
      ["apt-get", "install", "-y", "iproute2", "conntrack", "docker.io"],
    ]);
    expect(notes).toEqual([expect.stringContaining("starts Docker's daemon")]);
  });

  test.each([
    ["dnf", "sudo dnf install -y iproute conntrack-tools moby-engine"],
    ["apk", "sudo apk add iproute2 conntrack-tools docker-cli docker-engine"],
    ["pacman", "sudo pacman -S --noconfirm iproute2 conntrack-tools docker"],
    ["zypper", "sudo zypper install -y iproute2 conntrack-tools docker"],
  ] as const)("%s's own names, by sudo", (installer, command) => {
    const host = { becomeRoot: ["sudo"], newuidmap: true };
    const { commands } = setupPlan({ ...bare, installer, root: false }, needs, host);
    expect(commands.map((words) => words.join(" "))).toEqual([command]);
  });

  test("docker alone, where dockerd is here: what docker.io recommends is not always installed", () => {
    const facts = { ...bare, programs: ["dockerd", "ip", "conntrack"] };
    expect(setupPlan(facts, needs, root)).toMatchObject({
      ...{
        commands: [
          ["apt-get", "update"],
          ["apt-get", "install", "-y", "docker-cli"],
        ],
        notes: [],
      },
    });
    expect(installProgramsCommand(["docker"], facts)).toBe("apt-get install -y docker-cli");
    expect(packageOf("dnf", "docker", ["dockerd"])).toBe("moby-engine");
  });

  test("the helper is built by who asks, not by root", () => {
    const facts = { ...bare, helper: false, strace: null, root: false };
    const { commands } = setupPlan(facts, [], { becomeRoot: ["sudo"], newuidmap: true });
    expect(commands.map((words) => words.slice(0, 3).join(" "))).toEqual([
      "sudo apt-get update",
      "sudo apt-get install",
      "make --silent -C",
    ]);
    expect(commands[1]?.slice(4)).toEqual(["gcc", "make", "libc6-dev", "strace"]);
  });

  test("what no package brings is said, and not asked for", () => {
    const facts = { ...bare, installer: "pacman" } as HostFacts;
    expect(setupPlan(facts, ["program.umoci"], root)).toMatchObject({
      ...{ commands: [], unavailable: ["umoci"] },
    });
    const none = setupPlan({ ...bare, installer: null, strace: null }, ["program.runc"], root);
    expect(none).toMatchObject({ commands: [], unavailable: ["strace", "runc"] });
  });
});

test("names of packages are names, for every program and manager", () => {
  for (const manager of MANAGERS)
    for (const program of Object.keys(PROGRAMS))
      expect(packageOf(manager, program) ?? "none").toMatch(/^[a-z0-9][a-z0-9+.-]*$/);
});
