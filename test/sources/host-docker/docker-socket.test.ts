import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  findDockerSocket,
  type SocketFacts,
} from "../../../src/sources/host-docker/docker-socket.ts";
import { UserError } from "../../../src/user-error.ts";

const USUAL = "/var/run/docker.sock";

interface Given {
  readonly env?: SocketFacts["env"];
  readonly files?: Readonly<Record<string, unknown>>;
  readonly open?: readonly string[];
  readonly closed?: readonly string[];
}

function find({ env = {}, files = {}, open = [], closed = [] }: Given): string {
  return findDockerSocket({
    env,
    home: "/home/ann",
    read: (path) => (files[path] === undefined ? null : JSON.stringify(files[path])),
    look: (path) => (open.includes(path) ? "open" : closed.includes(path) ? "closed" : "none"),
  });
}

function refusal(given: Given): { message: string; hint: string; exitCode: number } {
  try {
    find(given);
  } catch (error) {
    if (error instanceof UserError) {
      const { message, hint, exitCode } = error;
      return { message, hint, exitCode };
    }
    throw error;
  }
  throw new Error("a socket was found");
}

const contextFile = (name: string): string =>
  `/home/ann/.docker/contexts/meta/${createHash("sha256").update(name).digest("hex")}/meta.json`;

describe("which daemon a docker command would ask", () => {
  test("DOCKER_HOST comes first, then the context, then the usual place, then a rootless one", () => {
    const files = {
      "/home/ann/.docker/config.json": { currentContext: "mine" },
      [contextFile("mine")]: { Endpoints: { docker: { Host: "unix:///run/user/7/docker.sock" } } },
      [contextFile("other")]: { Endpoints: { docker: { Host: "unix:///other.sock" } } },
    };
    const XDG_RUNTIME_DIR = "/run/user/1000";
    const rootless = `${XDG_RUNTIME_DIR}/docker.sock`;
    const open = ["/a.sock", "/run/user/7/docker.sock", "/other.sock", USUAL, rootless];
    expect(find({ env: { DOCKER_HOST: "unix:///a.sock" }, files, open })).toBe("/a.sock");
    expect(find({ files, open })).toBe("/run/user/7/docker.sock");
    expect(find({ env: { DOCKER_CONTEXT: "other" }, files, open })).toBe("/other.sock");
    expect(find({ env: { DOCKER_CONTEXT: "default", XDG_RUNTIME_DIR }, files, open })).toBe(USUAL);
    expect(find({ env: { XDG_RUNTIME_DIR }, open: [rootless], closed: [USUAL] })).toBe(rootless);
    expect(find({ env: { DOCKER_HOST: "" }, open })).toBe(USUAL);
  });

  test("another machine's is refused, and so is a context that nobody knows", () => {
    expect(refusal({ env: { DOCKER_HOST: "tcp://10.0.0.1:2375" } })).toMatchObject({
      message: "only a daemon on this machine can be watched, not tcp://10.0.0.1:2375",
      exitCode: 3,
    });
    expect(refusal({ env: { DOCKER_HOST: "ssh://ann@host" } }).exitCode).toBe(3);
    expect(refusal({ env: { DOCKER_CONTEXT: "gone" } })).toEqual({
      message: "there is no docker context gone",
      hint: "docker context ls",
      exitCode: 3,
    });
  });

  test("none, or one that is not ours to ask, is said in a sentence", () => {
    expect(refusal({})).toEqual({
      message: `no docker daemon listens on ${USUAL}`,
      hint: "sudo systemctl start docker",
      exitCode: 3,
    });
    const { message, hint } = refusal({ closed: [USUAL] });
    expect(message).toBe(
      `the docker daemon's socket ${USUAL} is for root and the group docker alone`,
    );
    expect(hint).toContain("usermod -aG docker");
  });
});
