import { expect, test } from "vitest";
import { withinBound } from "../../src/commands/step-bound.ts";

test("a step that ends says nothing of its bound", async () => {
  await expect(withinBound(Promise.resolve(), "a", [], 1000)).resolves.toBeUndefined();
  await expect(withinBound(Promise.reject(new Error("no")), "a", [], 1000)).rejects.toThrow("no");
});

test("a step that hangs is told with what is running in the lab", async () => {
  const never = new Promise<void>(() => {});
  const events = [
    { kind: "process.fork", t: 1, pid: 7, ppid: 1, labPid: 3 },
    { kind: "process.exec", t: 2, pid: 7, labPid: 3, argv: ["runc", "create", "c1"] },
    { kind: "process.fork", t: 3, pid: 8, ppid: 1, labPid: 4 },
    { kind: "process.exit", t: 4, pid: 8, labPid: 4, code: 0 },
  ] as const;
  await expect(withinBound(never, "create", events, 20)).rejects.toThrow(
    "step create is not over after 0.02 s; in the lab: 3 runc create c1",
  );
});
