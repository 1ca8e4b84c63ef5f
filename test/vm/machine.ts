import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Image } from "./image.ts";

/** What is to be run in a guest, after a login. */
export interface Job {
  readonly name: string;
  readonly user: "root" | "learner";
  /** On a terminal of its own: script(1)'s, which is what sudo's use_pty is about, or sshd(8)'s. */
  readonly terminal: "none" | "pty" | "ssh";
  readonly script: string;
  readonly seconds: number;
}

export interface Ended {
  /** The script's exit status; 124 when the time was up (timeout(1)). */
  readonly status: number;
  readonly log: string;
  /** The folder with what the script left in $OUT. */
  readonly out: string;
  readonly seconds: number;
}

/** A guest that is up. Its disk is a snapshot: whatever is done to it is forgotten. */
export interface Machine {
  run(job: Job): Promise<Ended>;
  /** Switches it off; its console's log stays. */
  end(): Promise<void>;
}

export interface MachineOptions {
  readonly image: Image;
  /** Added to the kernel's command line. */
  readonly boot: string;
  /** Where the console's log goes. */
  readonly console: string;
}

const root = join(import.meta.dirname, "../..");
const BOOT_SECONDS = 300;
/** Beyond a job's own time, until the machine is given up. */
const GRACE_SECONDS = 60;

/**
 * Boots a guest under software emulation (KVM is rarely there where tests run), without a network
 * card. The agent in it takes jobs through a virtio port, which is QEMU's standard input and output.
 */
export async function bootMachine(options: MachineOptions): Promise<Machine> {
  const share = mkdtempSync(join(tmpdir(), "tsi-vm-"));
  // The learner in the guest reads their scripts here.
  chmodSync(share, 0o755);
  fillShare(share);
  const qemu = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...qemuCommand(options, share)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const said = linesOf(qemu);
  let last = 0;
  // However this ends, QEMU goes with it (prctl(2), PR_SET_PDEATHSIG), and so does the folder.
  const forget = (): void => rmSync(share, { recursive: true, force: true });
  process.once("exit", forget);
  const end = async (): Promise<void> => {
    qemu.kill("SIGKILL");
    if (qemu.exitCode === null && qemu.signalCode === null)
      await new Promise((resolve) => qemu.once("close", resolve));
    process.off("exit", forget);
    forget();
  };
  try {
    await said.next((line) => line === "up", BOOT_SECONDS);
  } catch (error) {
    await end();
    throw new Error(`the guest did not come up; see ${options.console}`, { cause: error });
  }
  return {
    async run(job) {
      const id = String(++last);
      const folder = writeJob(share, id, job);
      const began = performance.now();
      qemu.stdin?.write(`${id}\n`);
      const answer = await said.next(
        (line) => line.startsWith(`done ${id} `),
        job.seconds + GRACE_SECONDS,
      );
      return {
        status: Number(answer.split(" ")[2]),
        log: readFileSync(join(folder, "log"), "utf8").replaceAll("\r\n", "\n"),
        out: join(folder, "out"),
        seconds: Math.round((performance.now() - began) / 1000),
      };
    },
    end,
  };
}

function fillShare(share: string): void {
  copyFileSync(join(import.meta.dirname, "guest/agent.sh"), join(share, "agent.sh"));
  mkdirSync(join(share, "jobs"));
  const archive = join(share, "checkout.tar");
  const without = ["./node_modules", "./.git"].map((path) => `--exclude=${path}`);
  const { status } = spawnSync("tar", ["-C", root, "-cf", archive, ...without, "."]);
  if (status !== 0) throw new Error("tar could not pack the checkout");
}

function writeJob(share: string, id: string, job: Job): string {
  const folder = join(share, "jobs", id);
  mkdirSync(folder);
  writeFileSync(join(folder, "script"), job.script);
  writeFileSync(join(folder, "as"), `${job.user} ${job.terminal} ${job.seconds}\n`);
  return folder;
}

function qemuCommand({ image, boot, console }: MachineOptions, share: string): string[] {
  const kernel =
    "root=/dev/vda rw console=ttyS0 quiet systemd.show_status=0 mitigations=off random.trust_cpu=on fsck.mode=skip";
  const folder = (path: string, tag: string, more = ""): string[] => [
    "-virtfs",
    `local,path=${path},mount_tag=${tag},security_model=none,multidevs=remap${more}`,
  ];
  return [
    ...["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"],
    ...["-m", "3072", "-display", "none", "-nodefaults", "-no-reboot", "-nic", "none"],
    ...["-serial", `file:${console}`, "-kernel", image.kernel, "-initrd", image.initrd],
    ...["-append", `${kernel} ${boot}`.trim()],
    ...["-drive", `file=${image.disk},format=raw,if=virtio,snapshot=on,cache=unsafe`],
    ...folder(share, "share"),
    ...folder(join(root, "node_modules"), "modules", ",readonly=on"),
    ...["-object", "rng-random,id=random,filename=/dev/urandom"],
    ...["-device", "virtio-rng-pci,rng=random", "-device", "virtio-serial-pci"],
    ...["-chardev", "stdio,id=jobs,signal=off", "-device", "virtserialport,chardev=jobs,name=jobs"],
  ];
}

interface Lines {
  /** The next line that is wanted; fails when the time is up or the process has ended. */
  next(wanted: (line: string) => boolean, seconds: number): Promise<string>;
}

function linesOf(child: ChildProcess): Lines {
  if (child.stdout === null) throw new Error("no standard output");
  let waiting: { take(line: string): void; fail(error: Error): void } | null = null;
  createInterface(child.stdout).on("line", (line) => waiting?.take(line));
  child.once("close", () => waiting?.fail(new Error("QEMU ended")));
  return {
    next: (wanted, seconds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => waiting?.fail(new Error(`the guest said nothing for ${seconds} s`)),
          seconds * 1000,
        );
        const done = (): void => {
          clearTimeout(timer);
          waiting = null;
        };
        waiting = {
          take(line) {
            if (!wanted(line)) return;
            done();
            resolve(line);
          },
          fail(error) {
            done();
            reject(error);
          },
        };
      }),
  };
}
