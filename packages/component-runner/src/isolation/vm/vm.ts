import { createHash } from "node:crypto";
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findCached, makeCached } from "../cache.ts";
import { diskPrograms, makeDisk, removeAgent } from "../disk/make-disk.ts";
import { missingPrograms } from "../missing-programs.ts";
import { ENVIRONMENT } from "../namespaces/container-config.ts";
import { openHolder } from "../namespaces/holder.ts";
import { connectHolder, NAMESERVER } from "../namespaces/network.ts";
import { rootTar } from "../root-tar.ts";
import { requireProgram, runProgram } from "../run-program.ts";
import {
  type Backend,
  type BootSettings,
  type Command,
  type Ended,
  type ImageFile,
  type System,
  SystemError,
} from "../system.ts";
import { FIRST_ID } from "../user-namespace.ts";
import { waitUntilUp } from "../wait-until-up.ts";
import { makeWorkFolder } from "../work-folder.ts";
import { agentFiles } from "./agent-files.ts";
import { type Agent, openAgent, PORTS } from "./open-agent.ts";
import { type Acceleration, findFirmware, kvmGroup, machineArguments } from "./qemu.ts";

/** Emulated on a busy machine, a boot took up to 90 seconds. */
const BOOT_MS = 600_000;
const SHUTDOWN_MS = 180_000;
/** With KVM a boot takes seconds. */
const KVM_BOOT_MS = 60_000;
/**
 * Under emulation, a kernel sometimes hangs before it starts the first process (seen once): after this long without
 * console output, the machine is power-cycled. Nothing has been written to its disk by then.
 */
const STUCK_MS = 60_000;
const MOST_STARTS = 3;
/** After a failure, KVM is retried a week later. */
const NO_KVM = { name: "kvm-does-not-work", ms: 7 * 24 * 3600 * 1000 };

/** QEMU: the system boots with its own firmware, boot loader and kernel. */
export const vm: Backend = {
  name: "vm",
  isolation:
    "a virtual machine (QEMU) with a kernel of its own; QEMU is a user without rights on this machine, in a network namespace",
  ownKernel: true,
  hasInit: true,
  async missing() {
    if (process.platform !== "linux" || process.arch !== "x64") return ["Linux on x86_64"];
    return [
      ...(process.getuid?.() === 0 ? [] : ["root (run it with sudo)"]),
      ...missingPrograms({
        "qemu-system-x86_64": "qemu-system-x86",
        "qemu-img": "qemu-utils",
        slirp4netns: "slirp4netns",
        setpriv: "util-linux",
        ...diskPrograms,
      }),
      ...(findFirmware() ? [] : ["UEFI firmware (install it, such as with `apt-get install ovmf`)"]),
    ];
  },
  async prepare(source, { progress, limits: { diskMiB }, signal }) {
    const tar = await rootTar(source.kind === "os" ? { ...source, bootable: true } : source, progress, signal);
    const agent = agentFiles();
    const MiB = Math.ceil((tar.bytes / 2 ** 20) * 1.2) + diskMiB;
    const about = createHash("sha256").update([tar.digest, MiB, agent.program, agent.unit].join("\n")).digest("hex");
    const name = `machine-${about.slice(0, 24)}.raw`;
    return (
      findCached(name, Number.POSITIVE_INFINITY) ??
      makeCached(name, async (file) => {
        await makeDisk(file, { tar: tar.path, MiB, agent }, signal);
        // QEMU runs as another user.
        chmodSync(file, 0o644);
      })
    );
  },
  boot,
  writeDisk,
};

async function boot(settings: BootSettings): Promise<System> {
  const group = findCached(NO_KVM.name, NO_KVM.ms) ? undefined : kvmGroup();
  if (group === undefined) return bootBy("tcg", settings);
  try {
    return await bootBy("kvm", settings, group);
  } catch (error) {
    settings.signal.throwIfAborted();
    if (!(error instanceof SystemError)) throw error;
    await makeCached(NO_KVM.name, async (file) => writeFileSync(file, error.message));
    return bootBy("tcg", settings);
  }
}

async function bootBy(
  acceleration: Acceleration,
  { root, from, limits, metadata, signal, onConsole }: BootSettings,
  group?: number,
): Promise<System> {
  signal.throwIfAborted();
  const [code = "", variables = ""] = findFirmware() ?? [];
  const folder = makeWorkFolder();
  chmodSync(folder, 0o711);
  const at = (name: string) => join(folder, name);
  const holder = await openHolder();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      signal.removeEventListener("abort", abort);
      await holder.close();
      rmSync(folder, { recursive: true, force: true });
    })();
    return closing;
  };
  /** The caller's `close` reports failures. */
  const abort = () => void close().catch(() => {});
  signal.addEventListener("abort", abort);

  const firmware = { code, settings: at("firmware.fd") };
  const disk = { overlay: at("disk.qcow2"), base: at("base.raw") };
  const socket = (port: string) => at(`ports/${port}`);
  const qemu = machineArguments({ acceleration, memoryMiB: limits.memoryMiB, firmware, disk, socket });

  let down: Promise<number> = Promise.resolve(0);
  let agent: Agent | undefined;

  async function run(command: Command): Promise<Ended> {
    if (closing !== undefined || !agent) throw new SystemError("The system was closed");
    const env = { ...ENVIRONMENT, ...command.env };
    const ended = await agent.run({ ...command, env }, limits.processes);
    // A shutdown kills commands before the machine goes down.
    return ended.exitCode > 128 && !ended.systemDown ? { ...ended, systemDown: await isGoingDown() } : ended;
  }

  async function isGoingDown(): Promise<boolean> {
    let said = "";
    const asked = agent?.run(
      {
        script: "systemctl is-system-running",
        env: ENVIRONMENT,
        onOutput: (chunk) => {
          said += new TextDecoder().decode(chunk);
        },
      },
      limits.processes,
    );
    // The agent goes down with the machine.
    const answered = await Promise.race([
      asked?.then(({ systemDown }) => !systemDown),
      sleep(10_000, false, { ref: false }),
    ]);
    if (answered && !said.startsWith("stopping")) return false;
    return isDownWithin(SHUTDOWN_MS);
  }

  const isDownWithin = (ms: number) => Promise.race([down.then(() => true), sleep(ms, false, { ref: false })]);

  async function start(): Promise<void> {
    for (let left = MOST_STARTS; left > 0; left--) {
      const off = new AbortController();
      if (await startOnce(off.signal)) return;
      await runProgram("nsenter", [...holder.enter, "pkill", "--signal", "KILL", "qemu-system"]);
      off.abort();
      await down;
    }
    throw new SystemError(`The virtual machine's kernel stopped in each of ${MOST_STARTS} starts`);
  }

  /**
   * @param off ends the program that started QEMU in the holder's namespaces
   * @returns false if the kernel hung before it started the first process
   */
  async function startOnce(off: AbortSignal): Promise<boolean> {
    if (closing !== undefined) throw new SystemError("The system was closed");
    rmSync(at("ports"), { recursive: true, force: true });
    makeFor(FIRST_ID, at("ports"));
    let printed = "";
    let isInKernel = true;
    let printedAt = performance.now();
    const decoder = new TextDecoder();
    const onOutput = (chunk: Uint8Array) => {
      const text = decoder.decode(chunk, { stream: true });
      printedAt = performance.now();
      isInKernel &&= !/Run \/init|systemd|login:/.test(`${printed.slice(-20)}${text}`);
      printed = `${printed}${text}`.slice(-4000);
      onConsole?.(text);
    };
    const user = ["--reuid", String(FIRST_ID), "--regid", String(FIRST_ID), "--no-new-privs"];
    const groups = group === undefined ? ["--clear-groups"] : ["--groups", String(group)];
    const command = ["setpriv", ...user, ...groups, "--", "qemu-system-x86_64", ...qemu];
    down = runProgram("nsenter", [...holder.enterWithNetwork, ...command], { onOutput, signal: off });
    const failed = down.then((status) => {
      throw new SystemError(`The virtual machine ended (${status}): ${printed.trim()}`);
    });
    failed.catch(() => {});
    const late = new AbortController();
    const tooLate = sleep(acceleration === "kvm" ? KVM_BOOT_MS : BOOT_MS, undefined, { signal: late.signal }).then(
      () => {
        throw new SystemError(`The virtual machine did not boot in time: ${printed.trim()}`);
      },
    );
    tooLate.catch(() => {});
    const stuck = async () => {
      const isStuck = () => isInKernel && /^\[ +\d+\.\d+\]/m.test(printed) && performance.now() - printedAt > STUCK_MS;
      while (!late.signal.aborted && !isStuck()) await sleep(1000);
      return false;
    };
    const up = async () => {
      while (!PORTS.every((port) => existsSync(socket(port)))) {
        if (late.signal.aborted) return false;
        await sleep(20);
      }
      agent = await openAgent(socket, down);
      await agent.ready;
      await waitUntilUp(run, AbortSignal.timeout(BOOT_MS));
      return true;
    };
    try {
      return await Promise.race([up(), stuck(), failed, tooLate]);
    } finally {
      late.abort();
    }
  }

  try {
    copyFileSync(variables, firmware.settings);
    const size = ["-u", "-b", "base.raw", "-F", "raw", disk.overlay, String(statSync(root).size)];
    if (from) await requireProgram("cp", ["--sparse=always", from, disk.overlay]);
    else await requireProgram("qemu-img", ["create", "-q", "-f", "qcow2", ...size]);
    for (const file of [firmware.settings, disk.overlay]) chownSync(file, FIRST_ID, FIRST_ID);
    for (const name of ["base.raw", "resolv.conf"]) writeFileSync(at(name), `nameserver ${NAMESERVER}\n`);
    await requireProgram("nsenter", [...holder.enter, "sh", "-ec", MOUNT, "sh", root, folder]);
    signal.throwIfAborted();
    await connectHolder(holder, metadata).ready;
    await start();
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  }
  return {
    enforced: ["memoryMiB", "processes", "diskMiB"],
    run,
    close,
    async restart() {
      await run({ script: "systemctl reboot", signal: AbortSignal.timeout(SHUTDOWN_MS) });
      if (!(await isDownWithin(SHUTDOWN_MS))) {
        throw new SystemError(`The system did not stop within ${SHUTDOWN_MS / 1000} seconds`);
      }
      await start();
    },
    async snapshot(file) {
      // A frozen file system is complete on the disk.
      await must(run, "sync; fsfreeze --freeze /");
      try {
        await requireProgram("cp", ["--sparse=always", disk.overlay, file]);
      } finally {
        if (closing === undefined) await must(run, "fsfreeze --unfreeze /");
      }
    },
  };
}

/** Writes the machine's disk without the agent. */
async function writeDisk({ root, from }: ImageFile, file: string): Promise<void> {
  const folder = makeWorkFolder();
  try {
    chmodSync(folder, 0o711);
    const disk = join(folder, "disk.raw");
    // Names both files explicitly, so that QEMU ignores the base recorded in the overlay.
    const overlay = `driver=qcow2,file.driver=file,file.filename=${from}`;
    const base = `backing.driver=raw,backing.file.driver=file,backing.file.filename=${root}`;
    await requireProgram("qemu-img", ["convert", "--image-opts", `${overlay},${base}`, "-O", "raw", disk]);
    chownSync(disk, FIRST_ID, FIRST_ID);
    await removeAgent(disk);
    await requireProgram("cp", ["--sparse=always", disk, file]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** $1: the base's file, whose folder QEMU cannot access; $2: the folder. QEMU uses the name servers in /etc/resolv.conf. */
const MOUNT = `
mount --bind "$1" "$2/base.raw"
mount -o remount,bind,ro "$2/base.raw"
mount --bind "$2/resolv.conf" /etc/resolv.conf
`;

function makeFor(user: number, folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, user, user);
}

async function must(run: System["run"], script: string): Promise<void> {
  const { exitCode } = await run({ script });
  if (exitCode !== 0) throw new SystemError(`"${script}" ended with ${exitCode} in the virtual machine`);
}
