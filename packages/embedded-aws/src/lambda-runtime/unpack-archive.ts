import { createHash } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { unzipSync } from "fflate";
import { cacheFolder, keepFolder, openCache } from "./bundle-cache.ts";
import { handlerFile } from "./bundle-handlers.ts";

/** Limit for all files together (developer guide, "Lambda quotas"). */
const MOST_BYTES = 262_144_000;

/** An archive that cannot be used for a function. */
export class BadArchive extends Error {
  override readonly name = "BadArchive";
}

/**
 * Unpacks a ZIP archive, unless an earlier run already did.
 * @returns the folder with its files; packages that are not in it, such as the AWS SDK, are resolved above it
 * @throws BadArchive, FolderUnusable
 */
export function unpackArchive(archive: Uint8Array): string {
  const files = filesOf(archive);
  const folder = join(ARCHIVES, createHash("sha256").update(archive).digest("hex"));
  openCache(import.meta.dirname);
  keepFolder(folder, files);
  // `.js` files are CommonJS unless the archive says otherwise, whatever packages above it say.
  writeFileSync(join(ARCHIVES, "package.json"), "{}");
  return folder;
}

const ARCHIVES = join(cacheFolder(import.meta.dirname), "archives");

/** Whether the program at `root` came from an archive: it is loaded unchanged, as in Lambda. */
export const isUnpacked = (root: string): boolean => root.startsWith(ARCHIVES);

/**
 * The module of a handler, `index.handler`, in an unpacked archive; in the runtime's search order.
 * @throws Error with the message of Lambda's runtime
 */
export function moduleOf(root: string, handler: string): string {
  const file = handlerFile(handler);
  const found = ["", ".js", ".mjs", ".cjs"].map((ending) => join(root, `${file}${ending}`)).find(isFile);
  if (found === undefined) throw new Error(`Cannot find module '${posix.basename(file)}'`);
  return found;
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function filesOf(archive: Uint8Array): ReadonlyMap<string, Uint8Array> {
  let size = 0;
  const files = unzip(archive, ({ name, originalSize }) => {
    size += originalSize;
    if (size > MOST_BYTES) throw new BadArchive(`Unzipped size must be smaller than ${MOST_BYTES} bytes`);
    return !name.endsWith("/");
  });
  const names = Object.keys(files);
  if (names.length === 0 || !names.every(isInside)) throw new BadArchive(UNREADABLE);
  return new Map(Object.entries(files));
}

const UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again.";

function unzip(archive: Uint8Array, filter: (file: { name: string; originalSize: number }) => boolean) {
  try {
    return unzipSync(archive, { filter });
  } catch (cause) {
    throw cause instanceof BadArchive ? cause : new BadArchive(UNREADABLE, { cause });
  }
}

/** Names that lead out of the folder are ignored: no function needs them. */
const isInside = (name: string): boolean =>
  !name.startsWith("/") && !/[\\\0]|^[A-Za-z]:/.test(name) && !posix.normalize(name).startsWith("..");
