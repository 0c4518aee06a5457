import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type InstanceMetadata, SystemError } from "../system.ts";
import type { Holder } from "./holder.ts";

const METADATA_SERVER = fileURLToPath(new URL("metadata-server.mjs", import.meta.url));

/** The address at which slirp4netns answers DNS queries. */
export const NAMESERVER = "10.0.2.3";

/**
 * The instance metadata service uses the holder's network, so that a service of the system can listen on port 80 of all
 * addresses. $1: the system's first process.
 */
const JOIN_METADATA = `
# The former one of a system that restarts goes some time after its other end.
ip link delete metadata 2> /dev/null || true
ip link add metadata type veth peer name metadata netns "/proc/$1/ns/net"
ip address add 169.254.169.254/31 dev metadata
ip link set metadata up
nsenter --target "$1" --net -- sh -ec 'ip address add 169.254.169.255/31 dev metadata; ip link set metadata up'
shift
exec "$@"
`;

/** The same for a virtual machine: QEMU, in the holder's network, makes the machine's connections. */
const ADD_METADATA = `
ip link set lo up
ip address add 169.254.169.254/32 dev lo
shift
exec "$@"
`;

/** Builds `sh` arguments that run a command in the holder's namespaces. */
type Enter = (command: readonly string[], network: "machine" | "holder") => readonly string[];

interface Started {
  readonly ready: Promise<unknown>;
  readonly ended: Promise<unknown>;
}

/**
 * Connects a system's network to the machine's through a user-space network stack: the system reaches what the machine
 * reaches except the machine's loopback addresses, and nothing reaches the system.
 * @param init process id of the system's first process, in the holder's namespaces
 */
export function connect(enter: Enter, init: number, metadata: InstanceMetadata): Started {
  return startBoth(enter, init, metadata, JOIN_METADATA);
}

/** Connects the holder's network in the same way, for a program that runs there. */
export function connectHolder({ enter, enterWithNetwork }: Holder, metadata: InstanceMetadata): Started {
  const enterBy: Enter = (command, network) => [
    ...["-c", 'exec nsenter "$@"', "sh"],
    ...(network === "holder" ? enterWithNetwork : enter),
    ...command,
  ];
  // The holder is the first process of its namespace.
  return startBoth(enterBy, 1, metadata, ADD_METADATA);
}

function startBoth(enter: Enter, first: number, metadata: InstanceMetadata, serveMetadata: string): Started {
  const of = String(first);
  const tap = ["--configure", "--mtu=65520", "--disable-host-loopback", "--ready-fd=3", of, "tap0"];
  const server = [process.execPath, METADATA_SERVER, JSON.stringify(metadata)];
  const helpers = [
    start(enter(["slirp4netns", ...tap], "machine")),
    start(enter(["sh", "-ec", serveMetadata, "sh", of, ...server], "holder")),
  ];
  const all = (which: keyof Started) => Promise.all(helpers.map((helper) => helper[which]));
  return { ready: all("ready"), ended: all("ended") };
}

/** Ready when the program writes to descriptor 3; ends with the holder's namespaces at the latest. */
function start(command: readonly string[]): Started {
  const child = spawn("sh", command, { stdio: ["ignore", "ignore", "pipe", "pipe"], detached: true });
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const ended = once(child, "close");
  const gone = ended.then(() => {
    throw new SystemError(`The system has no network: ${said.trim()}`);
  });
  gone.catch(() => {});
  const signal = child.stdio[3];
  return { ready: signal ? Promise.race([once(signal, "data"), gone]) : gone, ended };
}
