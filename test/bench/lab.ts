import type { Helper } from "../../src/sources/helper.ts";
import { compare, timed } from "./compare.ts";
import type { Outcome } from "./figure.ts";
import { bringUp, type LabHere } from "./lab-here.ts";
import { runToEnd } from "./programs.ts";

/**
 * The kernel's own price of a lab: six new namespaces with their /proc, and a process in them. A
 * lab is that, plus a root file system of its own, cgroups in every hierarchy and their guards.
 */
const UNSHARE = {
  name: "unshare -fpmnui --mount-proc true",
  time: () => runToEnd("unshare", ["-fpmnui", "--mount-proc", "true"]),
};

/** A lab's life: up, a command, gone. */
export async function* labFigures(here: LabHere): AsyncGenerator<Outcome> {
  yield* comingAndGoing(here);
  yield await roundTrip(here);
}

async function* comingAndGoing(here: LabHere): AsyncGenerator<Outcome> {
  let lab: Helper | null = null;
  const close = async (): Promise<void> => {
    await lab?.close();
    lab = null;
  };
  const shared = { rounds: 40, warmUp: 3, baseline: UNSHARE };
  yield await compare({
    ...shared,
    name: "lab-ready-over-unshare",
    // 1.5 to 1.9 when this was written; facts: a prototype's 4.9 ms to 2.5–2.8 ms of unshare, as 1.9.
    atMost: 2.5,
    ours: {
      name: "spawn the helper until `up` is answered",
      async time() {
        const took = await timed(async () => {
          lab = await bringUp(here, "ready");
        });
        await close();
        return took;
      },
    },
  });
  yield await compare({
    ...shared,
    name: "lab-gone-over-unshare",
    // 0.9 when this was written; the janitor's half second of waiting would make it over 100.
    atMost: 2,
    ours: {
      name: "close the helper's stdin until it is gone",
      async time() {
        lab = await bringUp(here, "gone");
        return timed(close);
      },
    },
  });
}

/** A command in a lab that is up, over the same program as a child of ours. */
async function roundTrip(here: LabHere): Promise<Outcome> {
  const lab = await bringUp(here, "run");
  const lines = lab.events();
  let run = 0;
  const runTrue = async (): Promise<void> => {
    run++;
    await lab.request("run", { run, argv: ["/bin/true"] });
    for (;;) {
      const { value: line } = await lines.next();
      if (line === undefined) throw new Error("the lab went away");
      if (line.kind === "run.exit" && line.run === run) return;
    }
  };
  try {
    return await compare({
      name: "run-true-over-spawn",
      // 0.5 when this was written: the helper forks faster than Node does. Above 1 it would be the
      // helper that one waits for.
      atMost: 1,
      rounds: 200,
      warmUp: 20,
      ours: { name: "`run` true until run.exit", time: () => timed(runTrue) },
      baseline: { name: "spawn /bin/true", time: () => runToEnd("/bin/true", []) },
    });
  } finally {
    await lab.close();
  }
}
