import { type Held, holdNamespaces } from "../hold-namespaces.ts";

/** Keeps the namespaces in which a system's processes run and its mounts exist. */
export interface Holder extends Held {
  /** `nsenter` arguments to run a program there, on the machine's network. */
  readonly enter: readonly string[];
  /** The same on the holder's network, which is isolated. */
  readonly enterWithNetwork: readonly string[];
}

export async function openHolder(): Promise<Holder> {
  const flags = ["--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--net", "--propagation", "private"];
  const held = await holdNamespaces(["unshare", ...flags, "bash", "-c", "echo ready; read -r _"]);
  const enter = ["--target", String(held.pid), "--pid", "--mount"];
  return { ...held, enter: [...enter, "--"], enterWithNetwork: [...enter, "--net", "--"] };
}
