import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClock } from "../../src/sources/clock.ts";
import { type Lab, openLab } from "../../src/sources/lab.ts";
import type { Event } from "../../src/timeline/event.ts";
import type { BundleEvent } from "../../src/timeline/event-bundle.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { specSections } from "../../src/ui/panes/spec/spec-sections.ts";
import { older, start, unable } from "./native-helper.ts";
import { rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

/** Why there can be no containers, or "". */
function lacking(): string {
  for (const [program, option] of [["runc", "--version"], ["busybox"]] as const)
    if (spawnSync(program, option === undefined ? [] : [option]).error)
      return `needs ${program} (apt-get install -y runc busybox-static)`;
  return unable;
}

const skip = lacking();
if (skip !== "") console.log(`SKIP bundles: ${skip}`);

const modes = [
  { where: "a root lab", mode: "root" as const, skip, command: () => start },
  { where: "one that is told of no mounts", mode: "root" as const, skip, command: () => older },
  {
    where: "a rootless lab",
    mode: "rootless" as const,
    skip: skip || rootlessUnable,
    command: () => rootlessCommand(),
  },
];

const MAKE = `mkdir -p box/rootfs/bin; cd box; cp $(command -v busybox) rootfs/bin
chroot rootfs /bin/busybox --install -s /bin; runc spec
sed -i 's/"terminal": true/"terminal": false/' config.json
sed -zi 's|,\\s*"gid=5"||; s|,\\s*{\\s*"destination": "/sys/fs/cgroup"[^}]*}||' config.json
sed -i 's|"sh"$|"sleep", "1000"|' config.json`;

for (const { where, mode, skip, command } of modes) {
  describe.skipIf(skip)(`containers of runc in ${where}`, { timeout: 60_000 }, () => {
    let lab: Lab;
    let read: Promise<void>;
    const events: Event[] = [];
    let runs = 0;

    beforeEach(async () => {
      const [program = "", ...args] = command();
      events.length = 0;
      const clock = createClock();
      lab = await openLab({ command: [program, ...args], clock, name: "bundles", mode });
      read = (async () => {
        for await (const batch of lab.events()) events.push(...batch);
      })();
    });
    afterEach(async () => {
      await lab.close();
      await read;
    });

    const sh = async (script: string): Promise<void> => {
      const { exited } = await lab.start(++runs, ["/bin/sh", "-c", script], null);
      expect(await exited).toMatchObject({ code: 0 });
    };
    const seen = (): BundleEvent[] =>
      events.filter((event): event is BundleEvent => event.kind.startsWith("bundle."));
    const programs = (): unknown[] =>
      seen().flatMap((event) => (event.kind === "bundle.process" ? [event.proc.cmdline] : []));

    /** What the pane says of each field of the container that was made last. */
    const marked = (): Map<string, string> => {
      const world = foldWorld(events);
      const bundle = [...world.bundles.values()].at(-1);
      const sections = bundle === undefined ? null : specSections(bundle, world);
      const fields = (sections ?? []).flatMap((section) => section.fields);
      return new Map(fields.map(({ name, mark }) => [name, mark]));
    };

    test("are found, and looked at when they are made and when they start", async () => {
      await sh(MAKE);
      await sh("cd box; runc create c1 > /dev/null 2>&1");
      await expect.poll(programs, { timeout: 5000 }).toContain("runc\0init\0");
      expect(seen()[0]).toMatchObject({
        ...{ kind: "bundle.config", container: "c1", runtime: "runc", root: "/run/runc" },
        ...{ bundle: "/root/box", text: expect.stringContaining('"ociVersion"') },
      });
      await sh("runc start c1");
      await expect.poll(programs, { timeout: 5000 }).toContain("sleep\x001000\0");
      // Its mounts are told by others than its process, and may come later.
      const named = ["args", "capabilities.bounding", "readonly", "namespaces pid", "/proc/sys"];
      await expect
        .poll(() => named.map((name) => [name, marked().get(name)]), { timeout: 5000 })
        .toEqual(named.map((name) => [name, "same"]));
      // Those of a set that is not inheritable as well the kernel does not take over.
      const differs = () =>
        [...marked()].filter(([, mark]) => mark === "differs").map(([name]) => name);
      await expect
        .poll(() => differs().filter((name) => name !== "capabilities.ambient"), { timeout: 5000 })
        .toEqual([]);
    });

    test("one whose note is elsewhere is found there; one that fails to start is none", async () => {
      await sh(MAKE);
      await sh("runc run --bundle /nowhere c2 2> /dev/null || true");
      await sh("runc --root /run/other run -d --bundle /root/box c3 > /dev/null 2>&1");
      await expect.poll(programs, { timeout: 5000 }).toContain("sleep\x001000\0");
      expect(new Set(seen().map(({ root, container }) => `${root}/${container}`))).toEqual(
        new Set(["/run/other/c3"]),
      );
    });
  });
}
