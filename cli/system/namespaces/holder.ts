import { type Held, holdNamespaces } from "../hold-namespaces.ts";

/** Everything that belongs to a system runs and is mounted in a holder's namespaces. */
export interface Holder extends Held {
  /** Arguments of `nsenter` that run a program there, on the machine's network. */
  readonly enter: readonly string[];
  /** The same, on the holder's network, which is connected to nothing. */
  readonly enterWithNetwork: readonly string[];
}

export async function openHolder(): Promise<Holder> {
  const flags = ["--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--net", "--propagation", "private"];
  const held = await holdNamespaces(["unshare", ...flags, "bash", "-c", "echo ready; read -r _"]);
  const enter = ["--target", String(held.pid), "--pid", "--mount"];
  return { ...held, enter: [...enter, "--"], enterWithNetwork: [...enter, "--net", "--"] };
}
