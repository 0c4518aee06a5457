import { setTimeout as sleep } from "node:timers/promises";
import { isLeftover } from "../cache.ts";
import { missingPrograms } from "../missing-programs.ts";
import { requireProgram, runProgram } from "../run-program.ts";
import {
  type Backend,
  type BootSettings,
  type Command,
  type Ended,
  type Limits,
  type System,
  SystemError,
} from "../system.ts";
import { whenAborted } from "../when-aborted.ts";
import { prepareImage, succeeds } from "./image.ts";

/**
 * A container of docker or podman, which have the same commands. Never privileged: root in it would then be root
 * on the machine. Only podman starts systemd in an unprivileged container.
 */
export const engine = (name: "docker" | "podman"): Backend => ({
  name,
  isolation: `a container of ${name}, not privileged; ${name} decides what its network reaches; no metadata service`,
  ownKernel: false,
  hasInit: false,
  async missing() {
    const programs = missingPrograms({ [name]: name === "docker" ? "docker.io" : "podman" });
    if (programs.length > 0) return programs;
    return (await succeeds(name, ["info"])) ? [] : [`an answer of \`${name} info\` (start ${name}, or join its group)`];
  },
  prepare: (source, { progress, signal }) => prepareImage(name, source, progress, signal),
  boot: (settings) => boot(name, settings),
});

const BOOT_MS = 120_000;

let opened = 0;

async function boot(name: "docker" | "podman", { root, from, limits, signal }: BootSettings): Promise<System> {
  signal.throwIfAborted();
  await removeLeftovers(name);
  const container = `component-runner-${process.pid}-${++opened}`;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      signal.removeEventListener("abort", abort);
      await remove(name, container);
    })();
    return closing;
  };
  const abort = () => void close().catch(() => {});

  let started: Awaited<ReturnType<typeof start>>;
  try {
    // A snapshot's image has the container's name and is removed with it.
    if (from) await requireProgram(name, ["import", from, container]);
    started = await start(name, container, from ? container : root, limits);
    signal.throwIfAborted();
    signal.addEventListener("abort", abort);
  } catch (error) {
    await close();
    throw error;
  }
  const { hasInit, enforced } = started;
  let commands = 0;

  async function run({ script, input, env = {}, signal: ends, onOutput }: Command): Promise<Ended> {
    if (closing !== undefined) throw new SystemError("The system was closed");
    const marker = `${process.pid}-${++commands}`;
    const variables = Object.entries({ HOME: "/root", ...env, COMPONENT_RUNNER_COMMAND: marker });
    const flags = [...(input ? ["--interactive"] : []), "--workdir", "/", "--user", "0"];
    const setting = variables.flatMap(([key, value]) => ["--env", `${key}=${value}`]);
    const command = ["exec", ...flags, ...setting, container, "bash", "-c", script];
    // Killing the engine's client does not kill the command in the container.
    const kill = () => void runProgram(name, ["exec", "--user", "0", container, "sh", "-c", KILL, "sh", marker]);
    const stopKilling = whenAborted(ends, kill);
    try {
      const exitCode = await runProgram(name, command, { input, onOutput });
      return { exitCode, systemDown: exitCode !== 0 && !(await isRunning(name, container)) };
    } finally {
      stopKilling();
    }
  }

  if (hasInit) await run({ script: WAIT_UNTIL_UP, signal: AbortSignal.timeout(BOOT_MS) });
  return {
    hasInit,
    enforced,
    run,
    close,
    async restart() {
      await requireProgram(name, ["restart", "--time", "90", container]);
      if (hasInit) await run({ script: WAIT_UNTIL_UP, signal: AbortSignal.timeout(BOOT_MS) });
    },
    snapshot: async (file) => void (await requireProgram(name, ["export", "--output", file, container])),
  };
}

const WAIT_UNTIL_UP = "until [ -S /run/systemd/private ]; do sleep 0.1; done; systemctl is-system-running --wait; true";

/** $1: the command's marker; kills all processes that have it in their environment. */
const KILL =
  'for one in /proc/[0-9]*; do tr "\\0" "\\n" < "$one/environ" 2> /dev/null | grep -qx "COMPONENT_RUNNER_COMMAND=$1" && kill -KILL "$(basename "$one")"; done';

async function start(name: "docker" | "podman", container: string, image: string, limits: Limits) {
  const hasInit =
    name === "podman" && (await succeeds(name, ["run", "--rm", "--entrypoint", "test", image, "-x", "/sbin/init"]));
  const limiting = ["--memory", `${limits.memoryMiB}m`, "--pids-limit", String(limits.processes)];
  const main = hasInit
    ? ["--systemd=always", image, "/sbin/init"]
    : ["--init", "--entrypoint", "sleep", image, "infinity"];
  const args = (disk: readonly string[]) => ["run", "--detach", "--name", container, ...limiting, ...disk, ...main];
  const enforced: (keyof Limits)[] = ["memoryMiB", "processes"];
  // Only some storage drivers can limit a container's disk.
  if (await succeeds(name, args(["--storage-opt", `size=${limits.diskMiB}m`]))) {
    return { hasInit, enforced: [...enforced, "diskMiB" as const] };
  }
  await runProgram(name, ["rm", "--force", container]);
  await requireProgram(name, args([]));
  return { hasInit, enforced };
}

async function isRunning(name: string, container: string): Promise<boolean> {
  // The engine notices a container's end with a delay.
  await sleep(50);
  const said = await requireProgram(name, ["ps", "--quiet", "--filter", `name=^${container}$`]);
  return said.trim() !== "";
}

async function remove(name: string, container: string): Promise<void> {
  await runProgram(name, ["rm", "--force", "--volumes", container]);
  await runProgram(name, ["image", "rm", "--force", container]);
}

/** Removes containers of killed runs. */
async function removeLeftovers(name: string): Promise<void> {
  const said = await requireProgram(name, [
    "ps",
    "--all",
    "--filter",
    "name=^component-runner-",
    "--format",
    "{{.Names}}",
  ]);
  for (const container of said.split("\n").filter(isLeftover)) await remove(name, container);
}
