import type { Backend, Command, Ended, Limits, System } from "../../src/isolation/system.ts";

interface Said extends Ended {
  readonly out: string;
  readonly err: string;
}

export interface Here extends AsyncDisposable {
  readonly system: System;
  readonly root: string;
  run(script: string, command?: Omit<Command, "script">): Promise<Said>;
}

const limits: Limits = { memoryMiB: 512, processes: 400, diskMiB: 512 };

const metadata = {
  instanceId: "i-0123456789abcdef0",
  region: "eu-west-1",
  accountId: "111122223333",
  imageId: "ami-0123456789abcdef0",
  instanceType: "t3.micro",
};

interface Changes {
  readonly limits?: Partial<Limits>;
  readonly from?: string;
  readonly signal?: AbortSignal;
  readonly onConsole?: (text: string) => void;
}

export const prepareHere = (backend: Backend): Promise<string> =>
  backend.prepare(
    { kind: "os", os: "debian-12", architecture: process.arch === "arm64" ? "arm64" : "x86_64" },
    { progress: () => {}, limits },
  );

/** Boots Debian; `await using` closes it. */
export async function bootHere(backend: Backend, changes: Changes = {}): Promise<Here> {
  const root = await prepareHere(backend);
  const system = await backend.boot({
    root,
    from: changes.from,
    limits: { ...limits, ...changes.limits },
    metadata,
    signal: changes.signal ?? new AbortController().signal,
    ...(changes.onConsole && { onConsole: changes.onConsole }),
  });
  return {
    root,
    system,
    run: (script, command) => runHere(system, script, command),
    [Symbol.asyncDispose]: () => system.close(),
  };
}

async function runHere(system: System, script: string, command: Omit<Command, "script"> = {}): Promise<Said> {
  const said = { stdout: "", stderr: "" };
  const decoder = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const ended = await system.run({
    ...command,
    script,
    onOutput: (chunk, from) => {
      said[from] = (said[from] + decoder[from].decode(chunk, { stream: true })).slice(-20_000);
      command.onOutput?.(chunk, from);
    },
  });
  return { ...ended, out: said.stdout, err: said.stderr };
}
