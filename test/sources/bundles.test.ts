import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type BundleWatch, watchBundles } from "../../src/sources/bundles.ts";
import type { Event } from "../../src/timeline/event.ts";

let files: Record<string, string>;
let emitted: Event[];
let watch: BundleWatch;

beforeEach(() => {
  vi.useFakeTimers();
  files = {};
  emitted = [];
  watch = watchBundles({
    read: async (path) => files[path] ?? null,
    emit: (event) => emitted.push(event),
    now: () => 5,
    hostPid: (labPid) => 1000 + labPid,
  });
});
afterEach(() => {
  watch.close();
  vi.useRealTimers();
});

const exec = (labPid: number, line: string): void =>
  watch.notice({ kind: "process.exec", t: 1, pid: 1000 + labPid, labPid, argv: line.split(" ") });
const exit = (labPid: number): void =>
  watch.notice({ kind: "process.exit", t: 2, pid: 1000 + labPid, labPid, code: 0 });
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

function made(root = "/run/runc"): void {
  files[`${root}/c1/state.json`] = '{"init_process_pid":42,"labels":["bundle=/box"]}';
  files["/box/config.json"] = "{}";
  files["/proc/42/status"] = "Name:\trunc:[2:INIT]";
}

test("a container is found as soon as its note is there, and looked at when it changes", async () => {
  exec(7, "runc create c1");
  await pass(100);
  expect(emitted).toEqual([]);
  made();
  await pass(20);
  const whose = { container: "c1", root: "/run/runc", labPid: 42, pid: 1042 };
  expect(emitted).toMatchObject([
    { kind: "bundle.config", ...whose, runtime: "runc", bundle: "/box", text: "{}" },
    { kind: "bundle.process", ...whose, proc: { status: "Name:\trunc:[2:INIT]", limits: null } },
  ]);
  exit(7);
  await pass(0);
  expect(emitted).toHaveLength(3);
  files["/proc/42/status"] = "Name:\tsleep";
  exec(42, "sleep 1000");
  await pass(0);
  expect(emitted.at(-1)).toMatchObject({ proc: { status: "Name:\tsleep" } });
  expect(emitted).toHaveLength(4);
});

test("where the note is follows --root; the bundle from the command line goes first", async () => {
  made("/r");
  files["/other/config.json"] = "other";
  exec(7, "runc --root /r run -d --bundle /other c1");
  await pass(20);
  expect(emitted[0]).toMatchObject({ root: "/r", bundle: "/other", text: "other" });
});

test("a process that is gone is no news, and one that ended is not looked at again", async () => {
  made();
  delete files["/proc/42/status"];
  exec(7, "runc run c1");
  await pass(20);
  expect(emitted.map(({ kind }) => kind)).toEqual(["bundle.config"]);
  exit(42);
  files["/proc/42/status"] = "Name:\tsomebody else";
  exec(42, "ls");
  await pass(0);
  expect(emitted).toHaveLength(1);
});

test("nothing is looked for any longer than its runtime lives", async () => {
  exec(7, "runc run c1");
  await pass(50);
  exit(7);
  await pass(20);
  made();
  await pass(10_000);
  expect(emitted).toEqual([]);
});

test("a lab that is closed is left alone", async () => {
  exec(7, "runc run c1");
  watch.close();
  made();
  await pass(1000);
  expect(emitted).toEqual([]);
});
