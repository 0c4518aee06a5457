import { strToU8, type ZipOptions, zipSync } from "fflate";

/** Regular files readable by all, as Lambda requires; equal files give equal archives. */
const options: ZipOptions = { os: 3, attrs: 0o100644 << 16, mtime: "1980-01-01" };

/** A ZIP archive of small texts. */
export const archiveOf = (files: Readonly<Record<string, string>>): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])), options));
