import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { Helper, succeeds, unable } from "./native-helper.ts";

describe.skipIf(unable)("a mistake in the helper's lab", { timeout: 60_000 }, () => {
  test("rm -rf / in the lab harms nothing outside", async () => {
    const canary = mkdtempSync(join(tmpdir(), "native-canary-"));
    const helper = new Helper("rm");
    await helper.up();
    await helper.sh(1, "rm -rf --no-preserve-root / 2>/dev/null", 60_000);
    for (const path of [canary, "/usr/bin/env", "/etc/passwd", "/dev/null", "/run"])
      expect(existsSync(path)).toBe(true);
    await helper.close();
    rmSync(canary, { recursive: true });
  });

  test("lab-init holds nothing of the host's that a path leads to", async () => {
    const helper = new Helper("doors");
    await helper.up();
    await helper.sh(
      1,
      `find -L /proc/1/fd -mindepth 1 -maxdepth 1 \\( -type d -o -type f \\) -links +0 -printf '%p %l\\n'
      stat -L -c %d /dev /proc/1/fd/0 /proc/self/fd/0 | sort -u | wc -l`,
    );
    expect(helper.output(1).toString()).toBe("1\n");
    await helper.close();
  });

  /* Harmless also where the protection is missing: what exists is asked whether it could be written,
   * or is given the value that it has. */
  const mistakes: [name: string, script: string, result: RegExp][] = [
    ["remount /usr", "mount -o remount,rw /usr; touch /usr/tsi-native-canary", /Read-only file/],
    ["sysctl", "echo $(cat /proc/sys/kernel/panic) > /proc/sys/kernel/panic", /Read-only file/],
    ["drop caches", "[ -w /proc/sys/vm/drop_caches ] || echo no", /^no$/],
    ["sysrq", "[ -w /proc/sysrq-trigger ] || echo no", /^no$/],
    ["interrupts", "[ -w /proc/irq/default_smp_affinity ] || echo no", /^no$/],
    ["sysfs", "find /sys/kernel /sys/power /sys/module -type f -writable; echo no", /^no$/],
    ["forwarding", "echo 1 > /proc/sys/net/ipv4/ip_forward && echo in the lab", /^in the lab$/],
    ["hostname", "hostname mistake; hostname", /^mistake$/],
    ["proc in a user namespace", "unshare -Urpf --mount-proc echo mounted", /^mounted$/],
    ["kill -1", "sleep 100 & kill -9 -1; echo alive", /^alive$/],
  ];

  test("a mistake in the lab does not reach the host", async () => {
    const files = ["kernel/hostname", "kernel/panic", "kernel/printk", "net/ipv4/ip_forward"];
    const host = () => [
      ...files.map((file) => readFileSync(`/proc/sys/${file}`, "utf8")),
      readFileSync("/proc/self/mountinfo", "utf8"),
      existsSync("/usr/tsi-native-canary"),
    ];
    const before = host();
    const helper = new Helper("mistakes");
    await helper.up();
    // Refused in a chroot, and where an administrator says so: then nothing is proven either way.
    const nests = succeeds("unshare", "-U", "true");
    for (const [index, [name, script, result]] of mistakes.entries()) {
      if (name === "proc in a user namespace" && !nests) continue;
      await helper.sh(index, `exec 2>&1; ${script}`);
      expect(helper.output(index).toString().trim(), name).toMatch(result);
    }
    expect(host()).toEqual(before);
    await helper.close();
  });

  test("root in the lab is without what reaches beyond it", async () => {
    const helper = new Helper("capabilities");
    await helper.up();
    await helper.sh(1, "cat /proc/1/status /proc/self/status");
    const sets = [
      ...helper
        .output(1)
        .toString()
        .matchAll(/^Cap(Prm|Eff|Bnd):\t(\w+)/gm),
    ];
    expect(sets.length).toBe(6);
    /* linux/capability.h: SYS_MODULE, RAWIO, BOOT, TIME, AUDIT_CONTROL, MAC_OVERRIDE, MAC_ADMIN,
     * SYSLOG, WAKE_ALARM, BLOCK_SUSPEND, AUDIT_READ */
    for (const [, , mask] of sets)
      for (const bit of [16, 17, 22, 25, 30, 32, 33, 34, 35, 36, 37])
        expect((BigInt(`0x${mask}`) >> BigInt(bit)) & 1n).toBe(0n);
    await helper.close();
  });
});
