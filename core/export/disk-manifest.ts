import * as z from "zod";

/** What `qemu-img` calls the formats of disk images that `amint build --here` writes. */
const diskFormats = ["raw", "qcow2"] as const;
export type DiskFormat = (typeof diskFormats)[number];

/** In hexadecimal. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The signed manifest of a disk image that was made on a user's own machine. */
const diskManifest = z.strictObject({
  schema: z.literal("amint-disk/1"),
  factory: z.string(),
  image: z.string(),
  os: z.string(),
  architecture: z.string(),
  format: z.enum(diskFormats),
  /** Its name, without a folder. */
  file: z.string(),
  /** In bytes. */
  size: z.int().min(1),
  checksum: z.strictObject({ algorithm: z.literal("SHA-256"), value: sha256 }),
  evidence: z.strictObject({
    packagesDigest: z.string(),
    /** Files beside the disk image that the build wrote: its package manifest, its bill of materials. */
    files: z.array(z.strictObject({ file: z.string(), sha256 })),
    /** What the gate decided by the rules that it could judge without AWS. */
    gate: z.enum(["passed", "needs-approval"]),
    /** The rules that it could not. */
    notJudged: z.array(z.string()),
    tests: z.strictObject({ passed: z.int(), failed: z.int(), skipped: z.int() }),
  }),
  created: z.iso.datetime(),
});

export type DiskManifest = z.output<typeof diskManifest>;

/** @throws where it is none that can be signed */
export const diskManifestText = (manifest: DiskManifest): string =>
  `${JSON.stringify(diskManifest.parse(manifest), null, 2)}\n`;
