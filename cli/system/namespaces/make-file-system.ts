import { requireProgram } from "../run-program.ts";

/** A file with an empty file system: it takes up what is written to it, and never more than its size. */
export async function makeFileSystem(file: string, MiB: number): Promise<void> {
  await requireProgram("truncate", ["--size", `${MiB}M`, file]);
  // No journal: after a crash the file is thrown away.
  const settings = ["-O", "^has_journal", "-E", "lazy_itable_init=1,discard"];
  await requireProgram("mke2fs", ["-q", "-t", "ext4", "-m", "0", ...settings, file]);
}
