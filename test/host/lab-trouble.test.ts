import { describe, expect, test } from "vitest";
import { labTrouble } from "../../src/host/lab-trouble.ts";

const ALL = ["cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "user", "uts"];
const HOST = "         0          0 4294967295\n";
const read = (map: string, capabilities: string) => (path: string) =>
  ({ "/proc/self/uid_map": map, "/proc/self/status": `CapEff:\t${capabilities}\n` })[path] ?? null;

describe("why there is no lab", () => {
  test("root of the host, and an ordinary user: nothing is said", () => {
    expect(labTrouble(true, ALL, read(HOST, "000001ffffffffff"))).toBe(null);
    expect(labTrouble(false, ALL, read("  1000  1000  1\n", "0000000000000000"))).toBe(null);
    // docker run --cap-add SYS_ADMIN
    expect(labTrouble(true, ALL, read(HOST, "00000000a82425fb"))).toBe(null);
  });

  test("root in docker run", () => {
    const trouble = labTrouble(true, ALL, read(HOST, "00000000a80425fb"));
    expect(trouble?.what).toContain("without CAP_SYS_ADMIN");
    expect(trouble?.fix).toContain("--privileged");
  });

  test("root of a user namespace, whatever it may do there", () => {
    for (const map of ["         0       1000          1\n", "0 100000 65536\n"])
      expect(labTrouble(true, ALL, read(map, "000001ffffffffff"))?.what).toMatch(
        /this root is one of a user namespace/,
      );
  });

  test("a kernel without some namespaces, for root and for users", () => {
    const few = ALL.filter((name) => name !== "net" && name !== "cgroup");
    for (const root of [true, false])
      expect(labTrouble(root, few, read(HOST, "000001ffffffffff"))?.what).toBe(
        "this kernel has no cgroup, net namespaces, which every lab is made of",
      );
  });
});
