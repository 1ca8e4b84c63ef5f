import { createHash } from "node:crypto";
import { UserError } from "../../user-error.ts";

/** What of the machine decides which daemon a `docker` command would talk to. */
export interface SocketFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** A file's text; null: it cannot be read. */
  read(path: string): string | null;
  /** What stands there: a socket that we may use, one that we may not, or nothing. */
  look(path: string): "open" | "closed" | "none";
}

/** The usual place, and the same as systemd and dockerd name it. */
const USUAL = "/var/run/docker.sock";

/**
 * The socket of the daemon that `docker` would ask: DOCKER_HOST, else the context, else the usual
 * place, else a rootless daemon's in $XDG_RUNTIME_DIR (docker(1), "docker context").
 * @throws UserError where there is no daemon that can be watched
 */
export function findDockerSocket(facts: SocketFacts): string {
  const { env, look } = facts;
  const named = env.DOCKER_HOST || hostOfContext(facts);
  if (named !== null && named !== "") return usable(pathOf(named), facts);
  const rootless = `${env.XDG_RUNTIME_DIR ?? ""}/docker.sock`;
  const hasRootless = env.XDG_RUNTIME_DIR !== undefined && look(rootless) === "open";
  return usable(look(USUAL) !== "open" && hasRootless ? rootless : USUAL, facts);
}

function pathOf(host: string): string {
  const [, path] = /^unix:\/\/(\/.*)$/.exec(host) ?? [];
  if (path !== undefined) return path;
  const fix = "run it on the daemon's own machine, with DOCKER_HOST=unix:///path/of/docker.sock";
  throw new UserError(`only a daemon on this machine can be watched, not ${host}`, fix, 3);
}

function usable(path: string, { look, env }: SocketFacts): string {
  const found = look(path);
  if (found === "open") return path;
  if (found === "closed")
    throw new UserError(
      `the docker daemon's socket ${path} is for root and the group docker alone`,
      "sudo tsinternals watch docker, or become a member: sudo usermod -aG docker $USER",
      3,
    );
  const other = env.DOCKER_HOST ? "see what DOCKER_HOST says" : "sudo systemctl start docker";
  throw new UserError(`no docker daemon listens on ${path}`, other, 3);
}

/** The endpoint of the current context; null: there is none, or it is the default one. */
function hostOfContext({ env, home, read }: SocketFacts): string | null {
  const folder = env.DOCKER_CONFIG || `${home}/.docker`;
  const name = env.DOCKER_CONTEXT || textOf(parse(read(`${folder}/config.json`)), "currentContext");
  if (name === null || name === "" || name === "default") return null;
  // The folder of a context is called after the SHA-256 of its name.
  const id = createHash("sha256").update(name).digest("hex");
  const meta = parse(read(`${folder}/contexts/meta/${id}/meta.json`));
  const host = textOf(fieldOf(fieldOf(meta, "Endpoints"), "docker"), "Host");
  if (host !== null) return host;
  throw new UserError(`there is no docker context ${name}`, "docker context ls", 3);
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function textOf(value: unknown, name: string): string | null {
  const field = fieldOf(value, name);
  return typeof field === "string" ? field : null;
}
