import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { quote } from "../../actions/quote.ts";
import type { Command, Ended } from "../system.ts";
import { whenAborted } from "../when-aborted.ts";
import { SLOTS } from "./agent-files.ts";

/** Names of the serial ports and of QEMU's sockets. */
export const PORTS = [
  "runner.kill",
  ...Array.from({ length: SLOTS }, (_, slot) => [`runner.${slot}`, `runner.${slot}.out`, `runner.${slot}.err`]).flat(),
];

/** 128 and SIGKILL. */
const KILLED = 137;

export interface Agent {
  /** Resolves at the first answer. */
  readonly ready: Promise<unknown>;
  run(command: Command, processes: number): Promise<Ended>;
}

/**
 * Runs commands in a virtual machine through its agent (agent.sh).
 * @param at the path of a port's socket
 * @param down resolves when the machine is down, which ends all commands
 */
export async function openAgent(at: (port: string) => string, down: Promise<unknown>): Promise<Agent> {
  const sockets = new Map(await Promise.all(PORTS.map(async (port) => [port, await connect(at(port))] as const)));
  const socketOf = (port: string): Socket => {
    const socket = sockets.get(port);
    if (!socket) throw new Error(`No port ${port}`);
    return socket;
  };
  const slots = Array.from({ length: SLOTS }, (_, number) =>
    openSlot(
      {
        requests: socketOf(`runner.${number}`),
        stdout: socketOf(`runner.${number}.out`),
        stderr: socketOf(`runner.${number}.err`),
      },
      (group) => socketOf("runner.kill").write(`${group}\n`),
    ),
  );
  const isDown = down.then(() => {
    for (const socket of sockets.values()) socket.destroy();
    return { exitCode: KILLED, systemDown: true };
  });
  const free = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  return {
    ready: Promise.all(slots.map(({ ready }) => ready)),
    async run(command, processes) {
      const slot = free.pop() ?? (await new Promise<Slot>((resolve) => waiting.push(resolve)));
      try {
        const exitCode = slot.ready.then(() => slot.run(command, processes));
        return await Promise.race([exitCode.then((code) => ({ exitCode: code, systemDown: false })), isDown]);
      } finally {
        const next = waiting.shift();
        if (next) next(slot);
        else free.push(slot);
      }
    },
  };
}

async function connect(path: string): Promise<Socket> {
  const socket = createConnection(path);
  await once(socket, "connect");
  // The machine went down, which ends its commands.
  socket.on("error", () => socket.destroy());
  return socket;
}

interface Slot {
  readonly ready: Promise<unknown>;
  /** @returns the exit code */
  run(command: Command, processes: number): Promise<number>;
}

/** Receives the agent's messages about the running command. */
interface Listener {
  started(group: string): void;
  ended(exitCode: number, bytes: Readonly<Record<Output, number>>): void;
  /** The agent or the machine ended. */
  lost(): void;
}

type Output = "stdout" | "stderr";

/** One command at a time. */
function openSlot(
  { requests, ...outputs }: Readonly<Record<Output | "requests", Socket>>,
  kill: (group: string) => void,
): Slot {
  const { promise: ready, resolve: setReady } = Promise.withResolvers<void>();
  let listener: Listener | undefined;
  const answers = createInterface({ input: requests });
  // The socket's handler deals with errors.
  answers.on("error", () => {});
  answers.on("line", (line) => {
    const [verb, ...words] = line.split(" ");
    const [first = "", stdout = 0, stderr = 0] = words;
    if (verb === "started") listener?.started(first);
    if (verb === "ended") listener?.ended(Number(first), { stdout: Number(stdout), stderr: Number(stderr) });
    // The agent restarted, and the running command was killed with it.
    if (verb === "ready") listener?.lost();
    setReady();
  });
  requests.on("close", () => listener?.lost());
  let receive: ((chunk: Uint8Array, from: Output) => void) | undefined;
  for (const from of ["stdout", "stderr"] as const) outputs[from].on("data", (chunk) => receive?.(chunk, from));

  return {
    ready,
    async run({ script, input, env = {}, signal, onOutput }, processes) {
      const group = Promise.withResolvers<string>();
      const ended = Promise.withResolvers<number>();
      const left = { stdout: 0, stderr: 0 };
      let exitCode: number | undefined;
      const endWhenRead = () => {
        if (exitCode !== undefined && left.stdout <= 0 && left.stderr <= 0) ended.resolve(exitCode);
      };
      receive = (chunk, from) => {
        left[from] -= chunk.length;
        onOutput?.(chunk, from);
        endWhenRead();
      };
      listener = {
        started: group.resolve,
        ended(code, bytes) {
          exitCode = code;
          left.stdout += bytes.stdout;
          left.stderr += bytes.stderr;
          endWhenRead();
        },
        lost: () => ended.resolve(KILLED),
      };
      const stopKilling = whenAborted(signal, () => void group.promise.then(kill));
      try {
        const program = Buffer.from(toProgram(script, env));
        requests.write(Buffer.concat([Buffer.from(`run ${program.length} ${processes}\n`), program]));
        await sendInput(requests, input, ended.promise);
        return await ended.promise;
      } finally {
        stopKilling();
        listener = undefined;
        receive = undefined;
      }
    },
  };
}

function toProgram(script: string, env: Readonly<Record<string, string>>): string {
  const variables = Object.entries(env).map(([name, value]) => quote(`${name}=${value}`));
  return `cd / && exec env --ignore-environment ${variables.join(" ")} bash -c ${quote(script)}\n`;
}

const PIECE = 2 ** 20;

/** In pieces, each with its length, until the command ends. */
async function sendInput(socket: Socket, input: Command["input"], ended: Promise<unknown>): Promise<void> {
  const pieces = toPieces(input)[Symbol.asyncIterator]();
  const isOver = ended.then(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([pieces.next(), isOver]);
      if (!next || next.done) break;
      socket.write(`${next.value.length}\n`);
      if (!socket.write(next.value)) await Promise.race([once(socket, "drain"), isOver]);
    }
  } finally {
    socket.write("0\n");
  }
  await pieces.return(undefined);
}

async function* toPieces(input: Command["input"] = new Uint8Array()): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of input instanceof Uint8Array ? [input] : input) {
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
  }
  return undefined;
}
