import { expect, test } from "vitest";
import { readNote, runtimeCommand } from "../../src/sources/runtime-command.ts";

test.each([
  ["runc run first", { root: "/run/runc", bundle: null, container: "first" }],
  ["/usr/bin/runc create --bundle box c1", { root: "/run/runc", bundle: "box", container: "c1" }],
  ["crun run -b /b x", { runtime: "crun", root: "/run/crun", bundle: "/b", container: "x" }],
  [
    "runc --root /run/docker/runtime-runc/moby --log /l.json --log-format json create --bundle /run/b --pid-file /p 0123",
    { root: "/run/docker/runtime-runc/moby", bundle: "/run/b", container: "0123" },
  ],
  ["runc --root=/r run --bundle=/b c", { root: "/r", bundle: "/b", container: "c" }],
])("%s makes a container", (line, expected) => {
  expect(runtimeCommand(line.split(" "))).toMatchObject(expected);
});

test.each([
  "runc init",
  "runc start c1",
  "runc exec c1 ps",
  "runc list",
  "runc run",
  "runc run --help",
  "docker run alpine",
  "toString run x",
  "",
])("%s makes none", (line) => {
  expect(runtimeCommand(line.split(" "))).toBeNull();
});

test("what runc and crun note", () => {
  const runc = `{"id":"c1","init_process_pid":42,"config":{"labels":["bundle=/root/my \\"box"]`;
  expect(readNote(runc)).toEqual({ labPid: 42, bundle: '/root/my "box' });
  const crun = `{\n  "pid": 7,\n  "cgroup-path": "",\n  "bundle": "/b"\n}`;
  expect(readNote(crun)).toEqual({ labPid: 7, bundle: "/b" });
  expect(readNote('{"init_process_pid":42}')).toEqual({ labPid: 42, bundle: null });
  expect(readNote('{"init_process_pid":0')).toBeNull();
  expect(readNote("")).toBeNull();
});
