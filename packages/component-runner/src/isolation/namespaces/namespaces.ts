import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { missingPrograms } from "../missing-programs.ts";
import { requireProgram, runProgram } from "../run-program.ts";
import { type Backend, type BootSettings, type Command, type Ended, type System, SystemError } from "../system.ts";
import { FIRST_ID } from "../user-namespace.ts";
import { waitUntilUp } from "../wait-until-up.ts";
import { whenAborted } from "../when-aborted.ts";
import { makeWorkFolder } from "../work-folder.ts";
import { containerConfig, ENVIRONMENT } from "./container-config.ts";
import { JOIN_GROUPS, MOUNT_VERSION_2, openControlGroup } from "./control-group.ts";
import { openHolder } from "./holder.ts";
import { connect, NAMESERVER } from "./network.ts";
import { makeFileSystem, prepareDisk } from "./prepare-disk.ts";
import { writeDisk } from "./write-disk.ts";

const NAME = "system";
const BOOT_MS = 120_000;
const SHUTDOWN_MS = 90_000;

/** Runs systemd as the first process of a user namespace, on an overlay of image files. */
export const namespaces: Backend = {
  name: "namespaces",
  isolation:
    "user, process, mount and network namespaces; root is a user without rights on this machine; the kernel is this machine's",
  ownKernel: false,
  hasInit: true,
  async missing() {
    if (process.platform !== "linux") return ["Linux"];
    return [
      ...(process.getuid?.() === 0 ? [] : ["root (run it with sudo)"]),
      ...missingPrograms({
        crun: "crun",
        slirp4netns: "slirp4netns",
        mke2fs: "e2fsprogs",
        nsenter: "util-linux",
        ip: "iproute2",
      }),
    ];
  },
  prepare: prepareDisk,
  boot,
  writeDisk,
};

let opened = 0;

async function boot({ root, from, limits, metadata, signal, onConsole }: BootSettings): Promise<System> {
  signal.throwIfAborted();
  const folder = makeWorkFolder();
  // The runtime traverses it to the root without rights on this machine.
  chmodSync(folder, 0o711);
  const at = (name: string) => join(folder, name);
  const holder = await openHolder();
  const inHolder = (command: readonly string[]) => requireProgram("nsenter", [...holder.enter, ...command]);
  let group: ReturnType<typeof openControlGroup> | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      signal.removeEventListener("abort", abort);
      try {
        await group?.close();
      } finally {
        await holder.close();
        await waitUntilFree(folder);
        rmSync(folder, { recursive: true, force: true });
      }
    })();
    return closing;
  };
  /** The caller's `close` reports failures. */
  const abort = () => void close().catch(() => {});
  signal.addEventListener("abort", abort);

  try {
    await makeLayer(at("layer.ext4"), from, limits.diskMiB);
    signal.throwIfAborted();
    for (const name of ["base", "layer", "root"]) mkdirSync(at(name));
    writeFileSync(at("resolv.conf"), `nameserver ${NAMESERVER}\n`);
    writeFileSync(
      at("config.json"),
      JSON.stringify(containerConfig({ root: at("root"), nameservers: at("resolv.conf") })),
    );
    await inHolder(["sh", "-ec", `${MOUNT_VERSION_2}\n${MOUNT}`, "sh", root, folder, String(FIRST_ID)]);
    signal.throwIfAborted();
    group = openControlGroup(holder, `component-runner-${process.pid}-${++opened}`, limits);
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  }
  const { system, network, killNetwork, openCommand, pause } = group;
  const crun = (...args: string[]) => ["crun", "--cgroup-manager=disabled", "--root", at("state"), ...args];
  /** Wraps a command to run in control groups and the holder's namespaces. */
  const enter = (join: readonly string[], command: readonly string[], network: "machine" | "holder" = "machine") => [
    ...["-c", JOIN_GROUPS, "sh", ...join, "--", "nsenter"],
    ...(network === "holder" ? holder.enterWithNetwork : holder.enter),
    ...command,
  ];
  const exec = (script: string, env: Readonly<Record<string, string>>) => {
    const variables = Object.entries({ ...ENVIRONMENT, ...env }).flatMap(([name, value]) => [
      "--env",
      `${name}=${value}`,
    ]);
    return crun("exec", ...variables, NAME, "bash", "-c", script);
  };

  async function run({ script, input, env = {}, signal: ends, onOutput }: Command): Promise<Ended> {
    if (closing !== undefined) throw new SystemError("The system was closed");
    const commandGroup = openCommand();
    const ended = runProgram("sh", enter(commandGroup.join, exec(script, env)), { input, onOutput });
    const stopKilling = whenAborted(ends, commandGroup.kill);
    try {
      const exitCode = await ended;
      const systemDown =
        exitCode !== 0 &&
        (await Promise.race([down.then(() => true), sleep(exitCode > 128 ? 500 : 20, false, { ref: false })]));
      return { exitCode, systemDown };
    } finally {
      stopKilling();
      commandGroup.leave();
    }
  }

  let down: Promise<number> = Promise.resolve(0);
  let disconnect = async () => {};

  async function start(): Promise<void> {
    if (closing !== undefined) throw new SystemError("The system was closed");
    let printed = "";
    const decoder = new TextDecoder();
    const onOutput = (chunk: Uint8Array) => {
      const text = decoder.decode(chunk, { stream: true });
      printed = `${printed}${text}`.slice(-4000);
      onConsole?.(text);
    };
    down = runProgram("sh", enter(system, crun("run", "--bundle", folder, NAME)), { onOutput });
    const deadline = AbortSignal.timeout(BOOT_MS);
    const failed = down.then((code) => {
      throw new SystemError(`The system did not start (${code}): ${printed.trim()}`);
    });
    failed.catch(() => {});
    const up = async () => {
      const init = await firstProcess(at(`state/${NAME}/status`), deadline);
      const connection = connect((command, of) => enter(network, command, of), init, metadata);
      disconnect = async () => {
        await killNetwork();
        await connection.ended;
      };
      await Promise.all([connection.ready, waitUntilUp(run, deadline)]);
    };
    await Promise.race([up(), failed]);
  }

  try {
    await start();
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw error;
  }
  return {
    enforced: [...group.enforced, "diskMiB"],
    run,
    close,
    enter: ["nsenter", ...holder.enter, ...crun("exec", "--tty", "--env", "TERM=xterm", NAME, "bash")],
    async restart() {
      await run({ script: "systemctl reboot", signal: AbortSignal.timeout(SHUTDOWN_MS) });
      const isDown = await Promise.race([down.then(() => true), sleep(SHUTDOWN_MS, false, { ref: false })]);
      if (!isDown) throw new SystemError(`The system did not stop within ${SHUTDOWN_MS / 1000} seconds`);
      await disconnect();
      await start();
    },
    async snapshot(file) {
      // If the run is killed, a frozen file system would remain; so the writing processes are stopped instead.
      const resume = await pause();
      try {
        await inHolder([
          "sh",
          "-ec",
          'sync --file-system "$1"; cp --sparse=always "$2" "$3"',
          "sh",
          at("layer"),
          at("layer.ext4"),
          file,
        ]);
      } finally {
        resume();
      }
    },
  };
}

/**
 * $1: the base's file; $2: the folder; $3: root's ids. A crash of the machine may lose the layer, so writes need not be
 * flushed: dpkg would wait for each file.
 */
const MOUNT = `
mount -o loop,ro "$1" "$2/base"
mount -o loop,barrier=0 "$2/layer.ext4" "$2/layer"
mkdir -p "$2/layer/upper" "$2/layer/work"
chown "$3:$3" "$2/layer/upper" "$2/layer/work"
mount -t overlay overlay -o "lowerdir=$2/base/root,upperdir=$2/layer/upper,workdir=$2/layer/work" "$2/root"
`;

/** A file system of fixed maximum size, so that documents cannot fill the machine's disk. */
async function makeLayer(file: string, from: string | undefined, diskMiB: number): Promise<void> {
  if (from) return void (await requireProgram("cp", ["--sparse=always", from, file]));
  await makeFileSystem(file, diskMiB);
}

/** The kernel releases a file some time after its file system is unmounted. */
async function waitUntilFree(folder: string): Promise<void> {
  const isUsed = () =>
    readdirSync("/sys/block").some((name) => readText(`/sys/block/${name}/loop/backing_file`).startsWith(folder));
  for (let left = 200; left > 0 && isUsed(); left--) await sleep(10);
}

/** The first process's id, from the runtime's state file. */
async function firstProcess(file: string, deadline: AbortSignal): Promise<number> {
  while (!deadline.aborted) {
    const { pid } = parseState(readText(file));
    if (pid) return pid;
    await sleep(10);
  }
  throw new SystemError(`The container did not start within ${BOOT_MS / 1000} seconds`);
}

/** @returns an empty string if the file does not exist (any longer) */
function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function parseState(text: string): { readonly pid?: number } {
  try {
    return JSON.parse(text) as { readonly pid?: number };
  } catch {
    // Not written yet, or partially.
    return {};
  }
}
