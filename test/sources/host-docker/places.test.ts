import { describe, expect, test } from "vitest";
import { containerGroups } from "../../../src/sources/host-docker/container-cgroups.ts";
import { containerdSockets } from "../../../src/sources/host-docker/containerd-watch.ts";
import { hostHierarchies, telling } from "../../../src/sources/host-docker/host-ready.ts";
import { below } from "../../../src/sources/host-docker/proc.ts";
import { hideArgument, hideEnviron, hideEnvironment } from "../../../src/sources/secrets.ts";

const ID = "1061a45d2b298735df4820d23fcab4e3a3c900ce8e402be69047f14928f396cb";

describe("a container's groups", () => {
  test("on v1, by cgroupfs, and not the groups it shares", () => {
    const text = `4:memory:/docker/${ID}\n3:cpu,cpuacct:/docker/${ID}\n2:perf_event:/\n0::/\n`;
    expect(containerGroups(text, ID)).toEqual([
      { hierarchy: "memory", path: `/docker/${ID}` },
      { hierarchy: "cpu,cpuacct", path: `/docker/${ID}` },
    ]);
  });

  test("on v2, by systemd", () => {
    const path = `/system.slice/docker-${ID}.scope`;
    expect(containerGroups(`0::${path}\n`, ID)).toEqual([{ hierarchy: "", path }]);
    expect(containerGroups("0::/user.slice\n", ID)).toEqual([]);
  });

  test("are in trees that the host's mounts name", () => {
    const v1 = [
      "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct",
      "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
      "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,xattr,name=systemd",
      "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
      "42 31 0:32 /docker/x /elsewhere rw,relatime - cgroup cgroup rw,memory",
    ].join("\n");
    const trees = hostHierarchies(v1, () => "hugetlb\n");
    expect(trees.map(({ hierarchy, version, mount }) => [hierarchy, version, mount])).toEqual([
      ["cpu,cpuacct", 1, "/sys/fs/cgroup/cpu,cpuacct"],
      ["memory", 1, "/sys/fs/cgroup/memory"],
      ["name=systemd", 1, "/sys/fs/cgroup/systemd"],
      ["", 2, "/sys/fs/cgroup/unified"],
    ]);
    expect(telling(trees).map(({ hierarchy }) => hierarchy)).toEqual(["cpu,cpuacct", "memory"]);
    const v2 = "29 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";
    const [tree] = hostHierarchies(v2, () => "cpuset cpu io memory pids\n");
    expect(tree).toEqual({
      ...{ hierarchy: "", version: 2, mount: "/sys/fs/cgroup" },
      controllers: ["cpuset", "cpu", "io", "memory", "pids"],
    });
    expect(telling(tree === undefined ? [] : [tree])).toHaveLength(1);
  });
});

test("where dockerd's containerd listens", () => {
  expect(containerdSockets(["dockerd", "--containerd=/c.sock"])).toEqual(["/c.sock"]);
  expect(containerdSockets(["dockerd", "--containerd", "unix:///c.sock"])).toEqual(["/c.sock"]);
  expect(containerdSockets(["dockerd", "-H", "fd://"])).toEqual([
    "/var/run/docker/containerd/containerd.sock",
    "/run/containerd/containerd.sock",
  ]);
  expect(containerdSockets(["dockerd", "--exec-root", "/x"])[0]).toBe(
    "/x/containerd/containerd.sock",
  );
});

test("a link out of another root is not followed into ours", () => {
  expect(below("/proc/7/root", "/var/run/docker.sock")).toBe("/proc/7/root/run/docker.sock");
  expect(below("", "/var/run/docker.sock")).toBe("/var/run/docker.sock");
});

describe("secrets in an environment", () => {
  test("are hidden by their names, whatever they look like", () => {
    const env = JSON.stringify({ env: ["PATH=/bin", 'DB_PASSWORD=a"b\\c', "github_token=x"] });
    const hidden = hideEnvironment(env);
    expect(JSON.parse(hidden)).toEqual({
      env: ["PATH=/bin", "DB_PASSWORD=(hidden)", "github_token=(hidden)"],
    });
    expect(hideEnviron('A=1\0MY_SECRET=a"b\0B=2\0')).toBe("A=1\0MY_SECRET=(hidden)\0B=2\0");
    expect(hideArgument("AWS_SECRET_ACCESS_KEY=a\nb")).toBe("AWS_SECRET_ACCESS_KEY=(hidden)");
    expect(hideArgument("echo PASSWORD=x")).toBe("echo PASSWORD=x");
  });

  test("a long text without any costs little", () => {
    const began = performance.now();
    hideEnvironment("PASS".repeat(1 << 16));
    hideEnviron("SECRET".repeat(1 << 16));
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
