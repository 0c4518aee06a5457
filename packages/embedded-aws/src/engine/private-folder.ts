import { accessSync, chmodSync, constants, lstatSync, mkdirSync, rmSync, statfsSync } from "node:fs";

/** With less free space, a write that begins may not complete. In bytes. */
const LEAST_FREE = 64 * 2 ** 20;

/** What the operating system reports about a folder. */
interface Disk {
  /** Throws the system's error if this user cannot write to it. */
  readonly assertWritable: (folder: string) => void;
  /** Bytes that this user can still write to its disk. */
  readonly free: (folder: string) => number;
}

const disk: Disk = {
  assertWritable: (folder) => accessSync(folder, constants.W_OK),
  free(folder) {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  },
};

/**
 * Makes sure that a folder exists, that only this user can read and write it, and that its disk has space. A folder
 * that others can write to is emptied, because its content may be theirs.
 * @throws FolderUnusable
 */
export function privateFolder(folder: string, { assertWritable, free }: Disk = disk): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseForeign(folder);
    narrow(folder);
    assertWritable(folder);
    const left = free(folder);
    if (left < LEAST_FREE) throw new NoSpace(left);
  } catch (cause) {
    throw new FolderUnusable(folder, cause as NodeJS.ErrnoException);
  }
}

const isForeign = (uid: number): boolean => process.getuid !== undefined && uid !== process.getuid();

/** A folder's owner can replace its content, whatever its mode; a link leads wherever its owner wants. */
function refuseForeign(folder: string): void {
  const stat = lstatSync(folder);
  if (!stat.isDirectory()) throw new Error("it is a link or a file");
  if (isForeign(stat.uid)) throw new Error(`it belongs to user ${stat.uid}`);
}

function narrow(folder: string): void {
  const { mode } = lstatSync(folder);
  // Windows does not have such modes.
  if ((mode & 0o077) === 0 || process.getuid === undefined) return;
  if ((mode & 0o022) !== 0) {
    rmSync(folder, { recursive: true });
    mkdirSync(folder, { mode: 0o700 });
  }
  chmodSync(folder, 0o700);
}

class NoSpace extends Error {
  readonly code = "ENOSPC";

  constructor(left: number) {
    super(`only ${Math.floor(left / 2 ** 20)} MB are free on its disk, and ${LEAST_FREE / 2 ** 20} MB are needed`);
  }
}

/** The embedded AWS cannot write its files. `code` is the system's, e.g. EACCES, EROFS or ENOSPC. */
export class FolderUnusable extends Error {
  override readonly name = "FolderUnusable";
  readonly code: string;

  constructor(folder: string, cause: NodeJS.ErrnoException) {
    super(
      `The embedded AWS cannot use the folder ${folder}: ${cause.message}. It must belong to this user, be writable, and have free disk space.`,
      { cause },
    );
    this.code = cause.code ?? "FOLDER_UNUSABLE";
  }
}
