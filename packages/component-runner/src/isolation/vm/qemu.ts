import { existsSync, statSync } from "node:fs";
import { SLOTS } from "./agent-files.ts";
import { PORTS } from "./open-agent.ts";

/** UEFI firmware paths of distributions: the code, and the initial variables. */
const FIRMWARE = [
  ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"],
  ["/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"],
  ["/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"],
  ["/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"],
] as const;

export const findFirmware = (): (typeof FIRMWARE)[number] | undefined =>
  FIRMWARE.find((files) => files.every((file) => existsSync(file)));

/** `kvm`: the machine's own processor; `tcg`: an emulated one, 10 to 30 times slower. */
export type Acceleration = "kvm" | "tcg";

/** The group with access to KVM; undefined if none has. */
export function kvmGroup(device = "/dev/kvm"): number | undefined {
  if (!existsSync(device)) return undefined;
  const { gid, mode } = statSync(device);
  return (mode & 0o060) === 0o060 ? gid : undefined;
}

interface Machine {
  readonly acceleration: Acceleration;
  readonly memoryMiB: number;
  readonly firmware: { readonly code: string; readonly settings: string };
  readonly disk: { readonly overlay: string; readonly base: string };
  /** The path of a port's socket. */
  readonly socket: (port: string) => string;
}

/** Arguments of QEMU. QEMU exits on a reboot; the machine is then started again from its disk. */
export const machineArguments = ({ acceleration, memoryMiB, firmware, disk, socket }: Machine): string[] => [
  ...["-accel", acceleration === "tcg" ? "tcg,thread=multi" : "kvm"],
  ...["-cpu", acceleration === "tcg" ? "max" : "host"],
  ...["-machine", "q35", "-smp", "2", "-m", String(memoryMiB), "-nodefaults", "-no-user-config"],
  ...["-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"],
  ...["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"],
  ...["-drive", `if=pflash,format=raw,readonly=on,file=${firmware.code}`],
  ...["-drive", `if=pflash,format=raw,file=${firmware.settings}`],
  // Writes need not be flushed: the overlay is discarded, or copied while the file system is frozen.
  ...[
    "-drive",
    `file=${disk.overlay},format=qcow2,backing.file.filename=${disk.base},backing.driver=raw,if=virtio,cache=unsafe,discard=unmap`,
  ],
  ...["-netdev", "user,id=network,dhcpstart=10.0.2.100", "-device", "virtio-net-pci,netdev=network,romfile="],
  ...["-device", "virtio-rng-pci", "-device", `virtio-serial-pci,max_ports=${SLOTS * 3 + 2}`],
  ...PORTS.flatMap((port, number) => [
    "-chardev",
    `socket,id=port${number},path=${socket(port)},server=on,wait=off`,
    "-device",
    `virtserialport,chardev=port${number},name=${port}`,
  ]),
];
