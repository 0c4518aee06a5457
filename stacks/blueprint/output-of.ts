import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

interface Output {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Waits for a child process and returns its output. The child is killed when this process exits, such as on Ctrl-C. */
export async function outputOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Output> {
  const stop = () => child.kill();
  process.once("exit", stop);
  try {
    const [out, errors, [code]] = await Promise.all([
      readAll(child.stdout),
      readAll(child.stderr),
      once(child, "close"),
    ]);
    return { code, out, errors };
  } finally {
    process.off("exit", stop);
  }
}

async function readAll(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) text += chunk;
  return text;
}
