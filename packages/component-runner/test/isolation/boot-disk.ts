import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireProgram } from "../../src/isolation/run-program.ts";
import { findFirmware } from "../../src/isolation/vm/qemu.ts";

interface BootedDisk extends AsyncDisposable {
  /** @returns what the console printed, once that matches */
  printed(pattern: RegExp): Promise<string>;
}

/**
 * Boots a disk image as a hypervisor would: QEMU with UEFI firmware, and nothing of this package's. The file stays as it is.
 * @param forward port of the machine's 127.0.0.1 that is the system's port 80
 */
export async function bootDisk(file: string, format: "raw" | "qcow2", forward?: number): Promise<BootedDisk> {
  const folder = mkdtempSync(join(tmpdir(), "boot-disk-"));
  const [code = "", settings = ""] = findFirmware() ?? [];
  copyFileSync(settings, join(folder, "firmware.fd"));
  const overlay = join(folder, "overlay.qcow2");
  await requireProgram("qemu-img", ["create", "-q", "-f", "qcow2", "-b", file, "-F", format, overlay]);
  const network = forward ? `user,id=n,hostfwd=tcp:127.0.0.1:${forward}-:80` : "user,id=n,restrict=on";
  const qemu = spawn(
    "qemu-system-x86_64",
    [
      ...["-accel", "tcg,thread=multi", "-cpu", "max", "-machine", "q35", "-smp", "2", "-m", "1024", "-nodefaults"],
      ...["-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot"],
      ...["-drive", `if=pflash,format=raw,readonly=on,file=${code}`],
      ...["-drive", `if=pflash,format=raw,file=${join(folder, "firmware.fd")}`],
      ...["-drive", `file=${overlay},format=qcow2,if=virtio,cache=unsafe`],
      ...["-netdev", network, "-device", "virtio-net-pci,netdev=n,romfile=", "-device", "virtio-rng-pci"],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  return {
    printed: (pattern) => readUntil(qemu, pattern),
    async [Symbol.asyncDispose]() {
      if (qemu.exitCode === null) {
        qemu.kill("SIGKILL");
        await once(qemu, "close");
      }
      rmSync(folder, { recursive: true });
    },
  };
}

async function readUntil({ stdout }: ChildProcess, pattern: RegExp): Promise<string> {
  let said = "";
  for await (const chunk of stdout ?? []) {
    said += chunk;
    if (pattern.test(said)) return said;
  }
  throw new Error(`The machine ended without ${pattern}: ${said.slice(-2000)}`);
}
