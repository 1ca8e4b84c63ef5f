import { expect } from "vitest";
import type { Event } from "../../src/timeline/event.ts";
import { foldWorld } from "../../src/timeline/fold.ts";
import { type Network, OWN_NETWORK } from "../../src/timeline/network.ts";
import { Helper, start, succeeds, unable } from "./native-helper.ts";
import { rootlessCommand, rootlessUnable } from "./rootless-helper.ts";

export const withoutIp = succeeds("ip", "-V") ? "" : "needs ip (apt-get install -y iproute2)";

/** A lab's network is the same for root and for an ordinary user, so everything is tried as both. */
export const modes = (["root", "rootless"] as const).map((mode) => ({
  mode,
  reason: withoutIp || (mode === "root" ? unable : rootlessUnable),
}));

export async function openLab(mode: "root" | "rootless", name: string): Promise<Helper> {
  const helper = new Helper(`${mode}-${name}`, mode === "root" ? start : rootlessCommand());
  opened.push(helper);
  await helper.up({ mode });
  return helper;
}

const opened: Helper[] = [];

/** After each test, also one that failed. */
export async function closeLabs(): Promise<void> {
  for (const helper of opened.splice(0)) await helper.close();
}

/** The networks as the helper's lines tell them. */
export const networks = (helper: Helper): ReadonlyMap<number, Network> =>
  foldWorld(helper.lines as unknown as Event[]).networks;

export const network = (helper: Helper, name: string | null): Network => {
  const found = [...networks(helper).values()].find((each) =>
    name === null ? each.netns === null : each.name === name,
  );
  if (found === undefined) {
    const told = helper.lines.filter(({ kind }) => kind.startsWith("netns."));
    throw new Error(`no network ${name} in ${JSON.stringify(told)}`);
  }
  return found;
};

export const own = (helper: Helper): Network => {
  const found = networks(helper).get(OWN_NETWORK);
  if (found === undefined) throw new Error("the lab has no network");
  return found;
};

let runs = 1000;

/** What a command prints in the lab. */
export async function ask(helper: Helper, script: string): Promise<string> {
  const run = runs++;
  expect(await helper.sh(run, script)).toMatchObject({ code: 0 });
  return helper.output(run).toString();
}

export async function askJson<T>(helper: Helper, script: string): Promise<T[]> {
  const text = await ask(helper, script);
  return text.trim() === "" ? [] : (JSON.parse(text) as T[]);
}

/** Waits until `look` gives the same as `expected`, and compares. */
export async function becomes<T>(look: () => T, expected: T, milliseconds = 10_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (JSON.stringify(look()) !== JSON.stringify(expected) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(look()).toEqual(expected);
}
