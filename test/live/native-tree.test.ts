import { describe, expect, test } from "vitest";
import { Helper, type Line, start, unable } from "./native-helper.ts";
import { rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

type Entry = Readonly<Record<string, unknown>> & { readonly path: string };

const entriesOf = (answer: Line): Map<string, Entry> =>
  new Map((answer.entries as Entry[]).map((entry) => [entry.path, entry]));

const modes = [
  { mode: "root", command: start, why: "" },
  { mode: "rootless", command: rootlessCommand(), why: rootlessUnable },
];

/** Of everything that a directory can hold, one. */
const ZOO = `mkdir -p /root/d/a/b /root/d/mounted && cd /root/d && echo text > a/b/file && chmod 640 a/b/file
ln a/b/file again; ln -s /etc link; ln -s .. a/up; mkfifo fifo; mknod whiteout c 0 0
touch "$(printf 'a/no\\377\\nutf')"
mount -t tmpfs x mounted && touch mounted/inside`;

describe.skipIf(unable)("the names below a directory of the lab", { timeout: 60_000 }, () => {
  test.for(modes)("are told, and nothing is opened: $mode", async ({ mode, command, why }, ctx) => {
    ctx.skip(why !== "", why);
    const helper = new Helper(`tree-${mode}`, command);
    await helper.up({ mode });
    expect(await helper.sh(1, ZOO)).toMatchObject({ code: 0 });
    const answer = await helper.ask({ op: "tree", path: "/root/d" });
    expect(answer).toMatchObject({ exists: true, more: false });
    const entries = entriesOf(answer);
    // What is mounted in it is not below it, and a link leads nowhere.
    expect([...entries.keys()].sort()).toEqual([
      ..."a,a/b,a/b/file,a/no\ufffd\nutf,a/up,again,fifo,link,mounted,whiteout".split(","),
    ]);
    const file = { type: "file", mode: "0640", links: 2, size: 5 };
    expect(entries.get("a/b/file")).toMatchObject(file);
    expect(entries.get("again")).toMatchObject({ ...file, inode: entries.get("a/b/file")?.inode });
    expect(entries.get("link")).toMatchObject({ type: "link", target: "/etc" });
    expect(entries.get("fifo")).toMatchObject({ type: "fifo" });
    expect(entries.get("whiteout")).toMatchObject({ device: "0:0", whiteout: true });
    expect(entries.get("a")).not.toHaveProperty("opaque");
    await helper.close();
  });

  test.for(modes)("have an overlay's notes: $mode", async ({ mode, command, why }, ctx) => {
    ctx.skip(why !== "", why);
    const helper = new Helper(`notes-${mode}`, command);
    const ready = await helper.up({ mode });
    const can = ready.can as string[];
    ctx.skip(!can.includes("overlay.xattr"), "needs overlay.xattr");
    const userxattr = mode === "root" ? "" : "userxattr,";
    const script = `cd /root; mkdir -p l/d l/e u w m; touch l/d/f l/gone
      mount -t overlay x -o ${userxattr}lowerdir=l,upperdir=u,workdir=w m && rm -r m/d m/gone && mkdir m/d`;
    expect(await helper.sh(1, script)).toMatchObject({ code: 0 });
    const entries = entriesOf(await helper.ask({ op: "tree", path: "/root/u" }));
    expect([...entries.keys()].sort()).toEqual(["d", "gone"]);
    expect(entries.get("d")).toMatchObject({ type: "directory", opaque: true });
    expect(entries.get("gone")).toMatchObject({ whiteout: true });
    await helper.close();
  });

  test("are so many, and of the lab alone", async () => {
    const helper = new Helper("tree-many");
    await helper.up();
    await helper.sh(1, "mkdir /root/many; cd /root/many; seq 20000 | xargs touch; mkdir -p 1x/2x");
    const many = await helper.ask({ op: "tree", path: "/root/many" });
    expect(many).toMatchObject({ exists: true, more: true });
    expect(many.entries).toHaveLength(512);
    // Names so long that fewer fit into an answer.
    await helper.sh(2, "mkdir /root/l; cd /root/l; touch $(seq -f %0250g 400)");
    const long = await helper.ask({ op: "tree", path: "/root/l" });
    expect(long).toMatchObject({ more: true });
    expect((long.entries as Entry[]).length).toBeGreaterThan(150);
    const outside = { op: "tree", path: "/root/out/etc" };
    expect(await helper.ask(outside)).toMatchObject({ exists: false });
    await helper.sh(3, "ln -s /../../.. /root/out");
    const [inside, own] = [
      await helper.ask(outside),
      await helper.ask({ op: "tree", path: "/etc" }),
    ];
    expect(entriesOf(inside).get("hostname")).toEqual(entriesOf(own).get("hostname"));
    await helper.sh(4, "mkfifo /root/fifo; echo > /root/file");
    for (const path of ["/root/fifo", "/root/file", "/root/none", "/dev/null"])
      expect(await helper.ask({ op: "tree", path })).toMatchObject({ exists: false });
    expect(await helper.ask({ op: "tree", path: "root" })).toMatchObject({ errno: "EINVAL" });
    // It has come back to where it was.
    await helper.sh(5, "readlink /proc/1/cwd");
    expect(helper.output(5).toString()).toBe("/\n");
    await helper.close();
  });
});
