import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./container-lab.ts";
import { Helper, type Line, unable } from "./native-helper.ts";
import { asUser, place, rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

describe.skipIf(unable || rootlessUnable)("a container without root", { timeout: 60_000 }, () => {
  const ALL = "--namespaces=pid,mnt,net,uts,ipc,cgroup,user,time";

  test("is built in a rootless lab, in one more user namespace", async () => {
    const helper = new Helper("container-user", rootlessCommand());
    await helper.up({ mode: "rootless" });
    expect(await helper.sh(1, ROOT)).toMatchObject({ code: 0 });
    const script = `container run --rootfs=/r ${ALL} -- sh -c 'id -u; ls /marker; test -c /dev/null'`;
    expect(await helper.sh(2, script), helper.output(2, "err").toString()).toMatchObject({
      code: 0,
    });
    expect(helper.output(2).toString()).toBe("0\n/marker\n");
    expect(await helper.sh(3, "container run --rootfs=/r -- cat /marker")).toMatchObject({
      code: 0,
    });
    await helper.wait((line: Line) => line.kind === "container.stage" && line.stage === "exec");
    await helper.close();
  });

  test("is built outside of a lab too", async () => {
    const [program = "", ...args] = rootlessCommand();
    const root = join(place(), "root");
    for (const folder of ["usr", "tmp", "proc", "sys", "dev"])
      mkdirSync(join(root, folder), { recursive: true });
    spawnSync("chown", ["-R", "54321:54321", root]);
    const script = `mount --rbind /usr ${root}/usr; for d in bin sbin lib lib64; do ln -sfn usr/$d ${root}/$d; done
      exec ${args.at(-1) ?? program} container run --rootfs=${root} -- sh -c 'echo $$; exit 9'`;
    const done = spawnSync(
      asUser()[0] ?? "env",
      [...asUser().slice(1), "unshare", "-Urm", "sh", "-c", script],
      { encoding: "utf8" },
    );
    expect([done.status, done.stdout, done.stderr]).toEqual([9, "1\n", ""]);
    const bare = spawnSync(
      program,
      [...args, "container", "run", ALL, "--", "sh", "-c", "echo $$ $(id -u)"],
      { encoding: "utf8" },
    );
    expect([bare.status, bare.stdout, bare.stderr]).toEqual([0, "1 0\n", ""]);
    rmSync(root, { recursive: true });
  });
});
