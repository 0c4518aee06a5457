import { createHash } from "node:crypto";
import { createReadStream, existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { type Backend, type ImageFile, missingPrograms, requireProgram, SystemError } from "component-runner";
import { type DiskFormat, type DiskManifest, diskManifestText } from "../../core/export/disk-manifest.ts";
import type { SigningKey } from "./signing-key.ts";

/** What `--disk-image` asks for. */
export interface WantedDisk {
  readonly file: string;
  readonly format: DiskFormat;
}

/** What was written. */
export interface WrittenDisk extends WantedDisk {
  /** In bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly manifest: string;
  readonly signature: string;
  readonly publicKey: string;
}

const FORMATS: Readonly<Record<string, DiskFormat>> = { ".raw": "raw", ".img": "raw", ".qcow2": "qcow2" };

/** By the file name's extension. @throws InvalidArgumentError */
export function toWantedDisk(path: string): WantedDisk {
  const file = resolve(path);
  const format = FORMATS[extname(file)];
  if (!format) throw new InvalidArgumentError(`Name a file that ends in ${Object.keys(FORMATS).join(", ")}.`);
  if (existsSync(file)) throw new InvalidArgumentError(`${path} already exists.`);
  if (!existsSync(dirname(file))) throw new InvalidArgumentError(`The folder ${dirname(file)} does not exist.`);
  if (format === "qcow2") {
    const [missing] = missingPrograms({ "qemu-img": "qemu-utils" });
    if (missing) throw new InvalidArgumentError(`QCOW2 needs ${missing}.`);
  }
  return { file, format };
}

/** What the manifest says beside the files themselves. */
interface Facts extends Pick<DiskManifest, "factory" | "image" | "os" | "architecture"> {
  readonly evidence: Omit<DiskManifest["evidence"], "files">;
  /** What the build wrote of itself, by name. */
  readonly written: ReadonlyMap<string, Uint8Array>;
}

/**
 * Writes an image as a disk that boots by UEFI, with a manifest and its signature beside it, as exports have them.
 * @throws SystemError, and then nothing is left of the files
 */
export async function writeDiskImage(
  backend: Backend,
  image: ImageFile,
  { file, format }: WantedDisk,
  key: SigningKey,
  { written, evidence, ...facts }: Facts,
): Promise<WrittenDisk> {
  if (!backend.writeDisk) throw new SystemError(`${backend.name} has no images that boot`);
  const raw = format === "raw" ? file : `${file}.raw`;
  const manifest = `${file}.json`;
  const signature = `${manifest}.sig`;
  const beside = [...written].map(([name, content]) => ({ path: `${file}.${name}`, content }));
  try {
    await backend.writeDisk(image, raw);
    image.signal?.throwIfAborted();
    if (format === "qcow2") await requireProgram("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", raw, file]);
    const { size } = statSync(file);
    const sha256 = await digestOf(file);
    image.signal?.throwIfAborted();
    const text = diskManifestText({
      schema: "amint-disk/1",
      ...facts,
      evidence: {
        ...evidence,
        files: beside.map(({ path, content }) => ({
          file: basename(path),
          sha256: createHash("sha256").update(content).digest("hex"),
        })),
      },
      format,
      file: basename(file),
      size,
      checksum: { algorithm: "SHA-256", value: sha256 },
      created: new Date().toISOString(),
    });
    for (const { path, content } of beside) writeFileSync(path, content);
    writeFileSync(manifest, text);
    writeFileSync(signature, key.sign(text));
    return { file, format, size, sha256, manifest, signature, publicKey: key.publicKeyFile };
  } catch (error) {
    for (const one of [file, manifest, signature, ...beside.map(({ path }) => path)]) rmSync(one, { force: true });
    throw error;
  } finally {
    if (raw !== file) rmSync(raw, { force: true });
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
