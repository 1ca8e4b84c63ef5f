import { expect } from "vitest";
import { Helper, type Line } from "./native-helper.ts";

/** The lab's own programs below another root, with a file that only this root has. */
export const ROOT = `mkdir -p /r/usr /r/tmp /r/etc && touch /r/marker && mount --rbind /usr /r/usr &&
  for d in bin sbin lib lib64; do ln -s usr/$d /r/$d; done`;

/** A lab with a root for containers in /r, and the words to work in it. */
export interface ContainerLab {
  readonly helper: Helper;
  sh(script: string): Promise<{ exit: Line; out: string; err: string }>;
  container(options: string, command: string): ReturnType<ContainerLab["sh"]>;
  /** Waits for a container's stage; `from`: later than that. */
  stage(kind: string, name: string, from?: number): Promise<Line>;
  /** @param check shell, `$P` is the process */
  holds(check: string, pid: unknown): Promise<boolean>;
}

export async function openContainerLab(): Promise<ContainerLab> {
  const helper = new Helper("container");
  await helper.up();
  expect(await helper.sh(1, ROOT)).toMatchObject({ code: 0 });
  let run = 100;
  const sh: ContainerLab["sh"] = async (script) => {
    const exit = await helper.sh(++run, script, 30_000);
    return { exit, out: helper.output(run).toString(), err: helper.output(run, "err").toString() };
  };
  return {
    helper,
    sh,
    container: (options, command) => sh(`container run --rootfs=/r ${options} -- ${command}`),
    stage: (kind, name, from = 0) =>
      helper.wait((line) => line.kind === kind && line.stage === name && (line.t as number) > from),
    holds: async (check, pid) => (await sh(`P=${pid}; ${check}`)).exit.code === 0,
  };
}
