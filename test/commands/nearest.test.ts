import { expect, test } from "vitest";
import { nearest } from "../../src/commands/nearest.ts";

const LESSONS = ["cgroups", "namespaces", "overlayfs", "docker-run"];

test.each([
  ["cgrops", "cgroups"],
  ["cgruops", "cgroups"],
  ["Cgroup", "cgroups"],
  ["namspace", "namespaces"],
  ["docker", "docker-run"],
  ["over", "overlayfs"],
  ["banana", null],
  ["", null],
])("%s is probably %s", (typed, meant) => {
  expect(nearest(typed, LESSONS)).toBe(meant);
});
