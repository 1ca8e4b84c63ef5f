import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { labOf, parseLines, remains, remainsWithin, whyNotLive } from "../live/program.ts";
import { LIVE, learner } from "./learner.ts";

/** The learner sits elsewhere: the terminal is sshd's, and the way to it may break. */

const SERVER = "/usr/sbin/sshd";
const why =
  whyNotLive() ?? (existsSync(SERVER) ? null : "needs sshd (apt-get install -y openssh-server)");
const folder = mkdtempSync(join(tmpdir(), "tsi-ssh-"));
/** Where sshd keeps its helper process (sshd(8), FILES): its name is compiled in. */
const JAIL = "/run/sshd";
let made = false;

beforeAll(() => {
  if (why !== null) return;
  made = !existsSync(JAIL);
  if (made) mkdirSync(JAIL, { mode: 0o755 });
  for (const key of ["host", "learner"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, key)]);
  writeFileSync(
    join(folder, "config"),
    `HostKey ${folder}/host
    AuthorizedKeysFile ${folder}/learner.pub
    StrictModes no
    PermitRootLogin yes
    UsePAM no
    LogLevel QUIET
    SetEnv XDG_STATE_HOME=${folder}
`,
  );
});
beforeEach((context) => {
  if (why !== null) context.skip(why);
});
afterAll(() => {
  if (made) rmdirSync(JAIL);
  rmSync(folder, { recursive: true, force: true });
});

/** A server for this one connection, on a pipe (`-i`), so that nobody listens anywhere. */
const ssh = (): string[] => [
  ...["ssh", "-F", "none", "-tt", "-q", "-i", join(folder, "learner")],
  ...["-o", `ProxyCommand=${SERVER} -i -f ${folder}/config`],
  ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"],
  "root@learner",
];

function recordingFile() {
  const file = join(folder, `${readdirSync(folder).length}.ndjson`);
  // A line may be half written when its writer is killed.
  const lines = () => parseLines(readFileSync(file, "utf8").replace(/[^\n]*$/, ""));
  return { args: ["--record", file], lab: () => labOf(lines()) };
}

test("a lesson over ssh runs live, follows the window's size, and leaves the terminal as it was", async () => {
  const recording = recordingFile();
  const it = learner([...LIVE, ...recording.args], { columns: 100, rows: 30, by: ssh() });
  await it.until(/Enter begins/);
  const step = await it.enter(/step 1\/\d+[\s\S]*Enter runs this step/);
  expect(step).toContain("LIVE");
  expect(step.split("\n").at(-1)).toMatch(/q quit/);
  await it.enter(/✓ the check holds {2}Enter goes on/);
  it.resize(140, 40);
  const large = await it.until(/^(.*\n){39}.*q quit/);
  expect(large.split("\n")[0]).toMatch(/^ tsinternals .{100}/);
  const { lab } = recording;
  it.write("q");
  expect(await it.ended()).toBe(0);
  expect(await it.leftBehind()).toEqual([]);
  expect(remains(lab())).toEqual([]);
});

test("the connection breaks in the middle of a step: the lab goes too", async () => {
  const recording = recordingFile();
  const it = learner([...LIVE, "--from", "accounting", ...recording.args], { by: ssh() });
  await it.until(/step 5\/\d+[\s\S]*Enter runs this step/);
  await it.enter(/● running {2}x interrupts/);
  process.kill(it.pid(), "SIGKILL");
  const { left } = await remainsWithin(recording.lab(), 5000);
  expect(left).toEqual([]);
});
