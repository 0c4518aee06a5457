import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type InstanceMetadata, SystemError } from "../system.ts";
import { type CommandGroup, JOIN_GROUP } from "./control-group.ts";
import type { Holder } from "./holder.ts";

const METADATA_SERVER = fileURLToPath(new URL("metadata-server.mjs", import.meta.url));

/** The name server that slirp4netns answers for. */
export const NAMESERVER = "10.0.2.3";

/**
 * The instance metadata service has a network of its own, the holder's: a service of the system can listen on port 80 of all
 * addresses. $1: the system's first process.
 */
const JOIN_METADATA = `
ip link delete metadata 2> /dev/null || true
ip link add metadata type veth peer name metadata netns "/proc/$1/ns/net"
ip address add 169.254.169.254/31 dev metadata
ip link set metadata up
nsenter --target "$1" --net -- sh -ec 'ip address add 169.254.169.255/31 dev metadata; ip link set metadata up'
shift
exec "$@"
`;

/**
 * Connects a system's own network to the machine's, by a network stack in user space: the system reaches what the machine
 * reaches, but not the machine's own loopback addresses, and nothing reaches the system.
 * @param group that its helpers run in: when it is killed, the connection ends
 * @param init process id of the system's first process, in the holder's namespaces
 */
export async function connect(
  holder: Holder,
  group: CommandGroup,
  init: number,
  metadata: InstanceMetadata,
): Promise<void> {
  const system = String(init);
  const inGroup = ["sh", "-c", JOIN_GROUP, "sh", group.path];
  const tap = ["--configure", "--mtu=65520", "--disable-host-loopback", "--ready-fd=3", system, "tap0"];
  const server = [process.execPath, METADATA_SERVER, JSON.stringify(metadata)];
  await Promise.all([
    start([...holder.enter, ...inGroup, "slirp4netns", ...tap]),
    start([...holder.enterWithNetwork, ...inGroup, "sh", "-ec", JOIN_METADATA, "sh", system, ...server]),
  ]);
}

/** Waits until the program writes to descriptor 3. It ends with the holder's namespaces. */
async function start(command: readonly string[]): Promise<void> {
  const child: ChildProcess = spawn("nsenter", command, {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    detached: true,
  });
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const gone = once(child, "close").then(() => {
    throw new SystemError(`The system has no network: ${said.trim()}`);
  });
  gone.catch(() => {});
  const signal = child.stdio[3];
  if (signal) await Promise.race([once(signal, "data"), gone]);
}
