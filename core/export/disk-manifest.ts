import * as z from "zod";

/** The formats of disk images that `amint build --here` writes, by `qemu-img`'s names. */
const diskFormats = ["raw", "qcow2"] as const;
export type DiskFormat = (typeof diskFormats)[number];

/** In hexadecimal. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The signed manifest of a disk image that was built on a user's machine. */
const diskManifest = z.strictObject({
  schema: z.literal("amint-disk/1"),
  factory: z.string(),
  image: z.string(),
  os: z.string(),
  architecture: z.string(),
  format: z.enum(diskFormats),
  /** The file's name, without a folder. */
  file: z.string(),
  /** In bytes. */
  size: z.int().min(1),
  checksum: z.strictObject({ algorithm: z.literal("SHA-256"), value: sha256 }),
  evidence: z.strictObject({
    packagesDigest: z.string(),
    /** Files that the build wrote beside the disk image: its package manifest, its SBOM. */
    files: z.array(z.strictObject({ file: z.string(), sha256 })),
    /** The gate's verdict by the rules that do not need AWS. */
    gate: z.enum(["passed", "needs-approval"]),
    /** The rules that need AWS. */
    notJudged: z.array(z.string()),
    tests: z.strictObject({ passed: z.int(), failed: z.int(), skipped: z.int() }),
  }),
  created: z.iso.datetime(),
});

export type DiskManifest = z.output<typeof diskManifest>;

/** @throws if the manifest is not valid */
export const diskManifestText = (manifest: DiskManifest): string =>
  `${JSON.stringify(diskManifest.parse(manifest), null, 2)}\n`;
