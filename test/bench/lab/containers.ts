import { has } from "../../chaos/ground.ts";
import { median } from "../compare.ts";
import type { Figure, Outcome } from "../figure.ts";
import { type BenchLab, makePrograms, openBenchLab } from "./bench-lab.ts";

const ROUNDS = 100;
const DOCKER_ROUNDS = 12;

/** Tools that start a container of /bench/rootfs whose program is `spawn stamp`. */
const STARTERS: Readonly<Record<string, string>> = {
  chroot: "chroot /bench/rootfs /spawn stamp",
  byhand: "/run/tsi/bin/container run --rootfs=/bench/rootfs -- /spawn stamp",
  unshare: "unshare -fpmnuiC --mount-proc chroot /bench/rootfs /spawn stamp",
  crun: "crun run --bundle /bench bench-crun",
  runc: "runc run --bundle /bench bench-runc",
};

/** How soon a container runs, from fork(2) to the first instruction of its main(). */
export async function* containerFigures(command: readonly string[]): AsyncGenerator<Outcome> {
  if (!has("crun")) {
    yield { name: "byhand-over-crun", reason: "needs crun (apt-get install -y crun)" };
    return;
  }
  const lab = await openBenchLab(command, "root");
  try {
    await makePrograms(lab);
    await makeBundle(lab);
    yield await overCrun(lab);
    if (has("dockerd") && has("docker")) yield await overDocker(lab);
    else yield { name: "byhand-over-docker", reason: "needs dockerd and docker" };
  } finally {
    await lab.close();
  }
}

export async function makeBundle(lab: BenchLab): Promise<void> {
  // crun refuses a hybrid of v1 and v2 as soon as v2 has a controller: it is shown none.
  await lab.sh(`file=/sys/fs/cgroup/unified/cgroup.controllers; mkdir -p /bench
! [ -e $file ] || { : > /bench/none; mount --bind /bench/none $file; }`);
  const spec = await lab.sh(
    "cd /bench && { runc spec 2>/dev/null || crun spec; } && cat config.json",
  );
  const config = JSON.parse(spec);
  Object.assign(config.process, { terminal: false, args: ["/spawn", "stamp"] });
  config.linux.seccomp = SECCOMP;
  await lab.sh(
    `cat > /bench/config.json <<'END OF CONFIG'\n${JSON.stringify(config)}\nEND OF CONFIG`,
  );
}

/** The calls of native/container-seccomp.c: so that each tool builds the same container. */
const SECCOMP = {
  defaultAction: "SCMP_ACT_ALLOW",
  architectures: [process.arch === "arm64" ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64"],
  syscalls: [
    {
      names: [
        ...["init_module", "finit_module", "delete_module", "kexec_load", "reboot", "bpf"],
        ...["perf_event_open", "userfaultfd", "add_key", "request_key", "keyctl", "settimeofday"],
        ...["clock_settime", "swapon", "swapoff", "acct", "quotactl", "unshare", "setns", "mount"],
        ...["umount2", "pivot_root", "open_by_handle_at"],
      ],
      action: "SCMP_ACT_ERRNO",
    },
  ],
};

async function overCrun(lab: BenchLab): Promise<Figure> {
  const names = Object.keys(STARTERS).filter((name) => name !== "runc" || has("runc"));
  const times = await timeTurns(
    lab,
    ROUNDS,
    Object.fromEntries(names.map((name) => [name, STARTERS[name] ?? ""])),
  );
  return ratio("byhand-over-crun", times, "crun", 0.33);
}

/** dockerd's own, of an image with nothing but the program in it. */
async function overDocker(lab: BenchLab): Promise<Figure> {
  const docker = "docker -H unix:///run/docker.sock";
  await lab.sh(`dockerd --data-root /var/lib/docker --exec-root /run/docker -H unix:///run/docker.sock \
--pidfile /run/docker.pid --storage-driver overlay2 >/tmp/dockerd.log 2>&1 &
i=0; until ${docker} version >/dev/null 2>&1; do i=$((i+1)); [ $i -lt 200 ]; sleep 0.1; done
tar -C /bench/rootfs -c . | ${docker} import - bench >/dev/null`);
  const times = await timeTurns(lab, DOCKER_ROUNDS, {
    byhand: STARTERS.byhand ?? "",
    docker: `${docker} run --rm --network none bench /spawn stamp`,
  });
  // Facts: 135 times as long as a prototype. Any goal far below 1 says the same.
  return ratio("byhand-over-docker", times, "docker", 0.05);
}

/** One after the other, round after round; milliseconds each. */
export async function timeTurns(
  lab: BenchLab,
  rounds: number,
  starters: Readonly<Record<string, string>>,
): Promise<Map<string, number[]>> {
  const words = Object.entries(starters).map(([name, argv]) => `${name} ${argv}`);
  const out = await lab.sh(`/bench/rootfs/spawn time ${rounds} ${words.join(" , ")}`);
  const times = new Map<string, number[]>();
  for (const [, name = "", began, stamped] of out.matchAll(/^(\S+) (\d+) (\d+) \d+$/gm))
    times.set(name, [...(times.get(name) ?? []), (Number(stamped) - Number(began)) / 1e6]);
  return times;
}

/** The median of the rounds' own ratios. */
function ratio(
  name: string,
  times: ReadonlyMap<string, readonly number[]>,
  baseline: string,
  atMost: number,
): Figure {
  const base = times.get(baseline) ?? [];
  const ratios = (times.get("byhand") ?? []).map(
    (time, round) => time / (base[round] ?? Number.NaN),
  );
  const said = [...times].map(([tool, each]) => `${tool} ${median(each).toFixed(2)} ms`);
  return {
    name,
    value: median(ratios),
    atMost,
    detail: `${said.join(", ")}, ${base.length} rounds`,
  };
}
