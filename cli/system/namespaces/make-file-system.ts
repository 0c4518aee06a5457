import { requireProgram } from "../run-program.ts";

/** Creates a sparse file with an empty file system of a fixed maximum size. */
export async function makeFileSystem(file: string, MiB: number): Promise<void> {
  await requireProgram("truncate", ["--size", `${MiB}M`, file]);
  // No journal: the file is discarded after a crash.
  const settings = ["-O", "^has_journal", "-E", "lazy_itable_init=1,discard"];
  await requireProgram("mke2fs", ["-q", "-t", "ext4", "-m", "0", ...settings, file]);
}
