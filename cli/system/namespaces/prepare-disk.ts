import { findCached, makeCached } from "../cache.ts";
import { type RootTar, rootTar, UNPACK_TAR } from "../root-tar.ts";
import { requireProgram } from "../run-program.ts";
import type { PrepareSettings, RootSource } from "../system.ts";
import { FIRST_ID, inUserNamespace } from "../user-namespace.ts";
import { makeFileSystem } from "./make-file-system.ts";

/** A root as a file with a file system, whose files belong to the users of the user namespace. */
export async function prepareDisk(source: RootSource, { progress, signal }: PrepareSettings): Promise<string> {
  const tar = await rootTar(source, progress, signal);
  const name = `disk-${tar.digest.slice(0, 24)}-${FIRST_ID}.ext4`;
  return findCached(name, Number.POSITIVE_INFINITY) ?? makeCached(name, (path) => makeDisk(path, tar, signal));
}

async function makeDisk(file: string, { path, bytes }: RootTar, signal: AbortSignal | undefined): Promise<void> {
  const MiB = Math.ceil((bytes / 2 ** 20) * 1.5) + 256;
  await makeFileSystem(file, MiB);
  const inOwnMounts = ["--mount", "--propagation", "private", "bash", "-ec", UNPACK, "bash"];
  const unpack = inUserNamespace([...UNPACK_TAR, "--directory"]);
  await requireProgram("unshare", [...inOwnMounts, file, path, String(FIRST_ID), ...unpack], { signal });
}

/**
 * $1: the disk; $2: the tar; $3: who root is; then the command that unpacks. It runs in the user namespace: whatever the tar
 * holds, it is written with the rights of a user who owns nothing on this machine.
 */
const UNPACK = `
at="$1.mount"
mkdir "$at"
trap 'umount "$at"; rmdir "$at"' EXIT
mount -o loop "$1" "$at"
mkdir "$at/root"
chown "$3:$3" "$at/root"
chmod 755 "$at" "$at/root"
tar="$2"
shift 3
"$@" "$at/root" < "$tar"
`;
