import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCached, makeCached } from "../cache.ts";
import { type RootTar, rootTar, UNPACK_TAR } from "../root-tar.ts";
import { requireProgram } from "../run-program.ts";
import type { PrepareSettings, RootSource } from "../system.ts";
import { FIRST_ID, inUserNamespace } from "../user-namespace.ts";

/** Writes a root to an image file, with files owned by the users of the user namespace. */
export async function prepareDisk(source: RootSource, { progress, signal }: PrepareSettings): Promise<string> {
  const tar = await rootTar(source, progress, signal);
  const name = `disk-${tar.digest.slice(0, 24)}-${FIRST_ID}.ext4`;
  return findCached(name, Number.POSITIVE_INFINITY) ?? makeCached(name, (path) => makeDisk(path, tar, signal));
}

/** Creates a sparse file with an empty file system of a fixed maximum size. */
export async function makeFileSystem(file: string, MiB: number): Promise<void> {
  await requireProgram("truncate", ["--size", `${MiB}M`, file]);
  // No journal: the file is discarded after a crash.
  const settings = ["-O", "^has_journal", "-E", "lazy_itable_init=1,discard"];
  await requireProgram("mke2fs", ["-q", "-t", "ext4", "-m", "0", ...settings, file]);
}

async function makeDisk(file: string, { path, bytes }: RootTar, signal: AbortSignal | undefined): Promise<void> {
  const MiB = Math.ceil((bytes / 2 ** 20) * 1.5) + 256;
  await makeFileSystem(file, MiB);
  const inOwnMounts = ["--mount", "--propagation", "private", "bash", "-ec", UNPACK, "bash"];
  const unpack = inUserNamespace([...UNPACK_TAR, "--directory"]);
  // Not in the cache, which root in the user namespace cannot access.
  const at = mkdtempSync(join(tmpdir(), `component-runner-${process.pid}-`));
  try {
    await requireProgram("unshare", [...inOwnMounts, at, file, path, String(FIRST_ID), ...unpack], { signal });
  } finally {
    rmdirSync(at);
  }
}

/**
 * $1: an empty folder; $2: the disk; $3: the tar; $4: root's ids; then the command that unpacks. It runs in the user
 * namespace: whatever the tar contains is written with the rights of a user who owns nothing on this machine.
 */
const UNPACK = `
at="$1"
trap 'umount "$at"' EXIT
mount -o loop "$2" "$at"
mkdir "$at/root"
chown "$4:$4" "$at/root"
chmod 755 "$at" "$at/root"
tar="$3"
shift 4
"$@" "$at/root" < "$tar"
`;
