import { chmodSync, chownSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeDisk } from "../disk/make-disk.ts";
import { requireProgram } from "../run-program.ts";
import type { ImageFile } from "../system.ts";
import { FIRST_ID, inUserNamespace } from "../user-namespace.ts";
import { makeWorkFolder } from "../work-folder.ts";
import { openHolder } from "./holder.ts";

/** Writes base and layer as a disk; the root must contain a kernel (`bootable`). */
export async function writeDisk({ root, from, limits }: ImageFile, file: string): Promise<void> {
  const folder = makeWorkFolder();
  const holder = await openHolder();
  try {
    chmodSync(folder, 0o711);
    for (const name of ["base", "layer", "root", "packed"]) mkdirSync(join(folder, name));
    chownSync(join(folder, "packed"), FIRST_ID, FIRST_ID);
    const tar = join(folder, "packed/root.tar");
    await requireProgram("nsenter", [...holder.enter, "sh", "-ec", MOUNT, "sh", root, from, folder]);
    const pack = ["tar", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--one-file-system", "--create"];
    const where = ["--file", tar, "--directory", join(folder, "root"), "."];
    await requireProgram("nsenter", [...holder.enter, ...inUserNamespace([...pack, ...where])]);
    const MiB = Math.ceil((statSync(tar).size / 2 ** 20) * 1.2) + limits.diskMiB;
    await makeDisk(file, { tar, MiB });
  } finally {
    await holder.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** $1: the base's file; $2: the layer's; $3: the folder. */
const MOUNT = `
mount -o loop,ro "$1" "$3/base"
mount -o loop,ro "$2" "$3/layer"
mount -t overlay overlay -o "ro,lowerdir=$3/layer/upper:$3/base/root" "$3/root"
`;
