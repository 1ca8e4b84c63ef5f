import { expect, test } from "vitest";
import { decodeString, splitPath } from "../../src/strace-parser/src/index.ts";

const lone = Uint8Array.of(0xff);

test.each([
  ['"/dev/null"', "/dev/null", false],
  ['"a\\tb\\n\\v\\f\\r\\"\\\\"', 'a\tb\n\v\f\r"\\', false],
  ['"\\303\\251"', "é", false],
  ['"\\xc3\\xa9"...', "é", true],
  ['"\\1\\0012\\0"', "\x01\x012\0", false],
  ['""', "", false],
])("decodeString(%s)", (printed, text, truncated) => {
  expect(decodeString(printed)).toMatchObject({ text, truncated });
});

test("decodeString keeps bytes that are not UTF-8", () => {
  expect(decodeString('"\\377"')).toEqual({ text: "\ufffd", bytes: lone, truncated: false });
});

test.each(["NULL", '"open', '"a" /* x */', '"a"b"', ""])("decodeString(%s) is null", (printed) => {
  expect(decodeString(printed)).toBeNull();
});

test.each([
  ["3</sys/fs/cgroup/x>", 3, "/sys/fs/cgroup/x", false],
  ["AT_FDCWD</tmp/a b>", "AT_FDCWD", "/tmp/a b", false],
  ["3</tmp/\\74a\\76>(deleted)", 3, "/tmp/<a>", true],
  ["3</tmp/old (deleted)>", 3, "/tmp/old", true],
  ["4<pipe:[9604]>", 4, "pipe:[9604]", false],
  ["4<TCP:[127.0.0.1:80->127.0.0.1:5000]>", 4, "TCP:[127.0.0.1:80->127.0.0.1:5000]", false],
  ["1</dev/pts/0<char 136:0>>", 1, "/dev/pts/0", false],
  ["3</tmp/foo->", 3, "/tmp/foo-", false],
] as const)("splitPath(%s)", (printed, fd, path, deleted) => {
  expect(splitPath(printed)).toEqual({ fd, path, deleted });
});

test.each(["3", "-1", "0x7f", "NULL", "3<"])("splitPath(%s) is null", (printed) => {
  expect(splitPath(printed)).toBeNull();
});
