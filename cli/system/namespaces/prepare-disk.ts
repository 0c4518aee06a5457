import { findCached, makeCached } from "../cache.ts";
import { type RootTar, rootTar, UNPACK_TAR } from "../root-tar.ts";
import { requireProgram } from "../run-program.ts";
import type { RootSource } from "../system.ts";
import { FIRST_ID, inUserNamespace } from "../user-namespace.ts";
import { makeFileSystem } from "./make-file-system.ts";

/** A root as a file with a file system, whose files belong to the users of the user namespace. */
export async function prepareDisk(source: RootSource, progress: (line: string) => void): Promise<string> {
  const tar = await rootTar(source, progress);
  const name = `disk-${tar.digest.slice(0, 24)}-${FIRST_ID}.ext4`;
  return findCached(name, Number.POSITIVE_INFINITY) ?? makeCached(name, (path) => makeDisk(path, tar));
}

async function makeDisk(file: string, { path, bytes }: RootTar): Promise<void> {
  const MiB = Math.ceil((bytes / 2 ** 20) * 1.5) + 256;
  await makeFileSystem(file, MiB);
  await requireProgram("unshare", [
    "--mount",
    "--propagation",
    "private",
    "bash",
    "-ec",
    UNPACK,
    "bash",
    file,
    path,
    String(FIRST_ID),
    ...inUserNamespace([...UNPACK_TAR, "--directory"]),
  ]);
}

/**
 * $1: the disk; $2: the tar; $3: who root is; then the command that unpacks. It runs in the user namespace: whatever the tar
 * holds, it is written with the rights of a user who owns nothing on this machine.
 */
const UNPACK = `
at="$(mktemp -d)"
trap 'umount "$at"; rmdir "$at"' EXIT
mount -o loop "$1" "$at"
mkdir "$at/root"
chown "$3:$3" "$at/root"
chmod 755 "$at" "$at/root"
tar="$2"
shift 3
"$@" "$at/root" < "$tar"
`;
