import { expect, test } from "vitest";
import { HelperRefusal, startHelper } from "../../src/sources/helper.ts";
import { UserError } from "../../src/user-error.ts";

/** Helpers that are not ours: shell scripts that say hello and then misbehave. */

const HELLO = JSON.stringify({
  ...{ kind: "hello", t: 1, protocol: 1, version: "0", pid: 1, realtime: 1 },
});

const misbehaving = (script: string) => startHelper(["/bin/sh", "-c", script]);
const saying = (script: string) => misbehaving(`echo '${HELLO}'; ${script}`);

test("one that ends while it is asked refuses, and so does one that has ended", async () => {
  const helper = await saying("read line; exit 3");
  await expect(helper.request("up")).rejects.toThrow("the helper ended (exit 3)");
  await expect(helper.request("up")).rejects.toThrow(HelperRefusal);
  await helper.close();
});

test("its refusal says which call failed", async () => {
  const line = JSON.stringify({
    kind: "error",
    id: 1,
    message: "no",
    call: "mount",
    errno: "EPERM",
  });
  const helper = await saying(`read line; echo '${line}'; read line`);
  await expect(helper.request("up")).rejects.toMatchObject({ call: "mount", errno: "EPERM" });
  await helper.close();
});

test("a line that is not one of its own is shown, not swallowed", async () => {
  const helper = await saying("echo oops");
  const lines = [];
  for await (const line of helper.events()) lines.push(line);
  expect(lines).toEqual([{ kind: "diagnostic", t: 0, source: "helper", message: "oops" }]);
});

test("one that does not come up is quoted", async () => {
  const error = await misbehaving("echo no capabilities >&2; exit 1").catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toBe("the native helper did not start: no capabilities");
  expect(error.exitCode).toBe(3);
});

test("one that may not be executed is named", async () => {
  const error = await startHelper(["/etc/passwd"]).catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toBe("the native helper did not start: /etc/passwd: EACCES");
});

test("one of another version is refused", async () => {
  const hello = HELLO.replace('"protocol":1', '"protocol":2');
  await expect(misbehaving(`echo '${hello}'`)).rejects.toThrow("of another version");
});

test("one that does not go when it should is killed", async () => {
  const helper = await saying("trap '' TERM HUP; while :; do sleep 0.1; done");
  await helper.close();
  const lines = [];
  for await (const line of helper.events()) lines.push(line);
  expect(lines).toEqual([]);
}, 10_000);
