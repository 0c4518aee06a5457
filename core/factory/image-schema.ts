import * as z from "zod";
import { advisorySeverities } from "../../events/build.ts";
import { imageOsNames, imageSystemOf } from "../component/image-system.ts";
import { channelSchema } from "./channel-schema.ts";
import { componentSchema } from "./component-schema.ts";
import { gateSchema } from "./gate-schema.ts";
import { imageNetworkSchema, instanceTypeSchema, tagsSchema } from "./network-schema.ts";
import { type Parent, parentSchema } from "./parent-schema.ts";
import { scheduleSchema } from "./schedule-schema.ts";
import { duration, regionSchema } from "./values.ts";

/** Which advisories on installed packages rebuild an image. */
const packagesSchema = z.strictObject({
  /**
   * The least severe advisory that rebuilds; `unknown` takes all, and is the only one for Debian, whose archive has no
   * severities. Ubuntu's are Canonical's priorities, which OSV publishes: high is important. An update whose priority
   * is not known for 24 hours counts as important.
   */
  severity: z.enum(advisorySeverities),
  /**
   * `always`: an advisory with a CVE that is exploited, as CISA's catalog says, rebuilds whatever its severity. It needs
   * CVEs: every vendor whose feeds are read has them.
   */
  exploited: z.enum(["always", "by-severity"]).default("by-severity"),
  /** So does one with a CVE of at least this score in FIRST's EPSS, from 0 to 1; left out, scores are not read. */
  epss: z.number().gt(0).max(1).optional(),
  /**
   * On Amazon Linux 2023, where dnf is locked to a release: the release that the image's update component takes. `latest`
   * with `amint:update-al2023`; else a release such as `2023.8.20260413`.
   */
  release: z
    .string()
    .regex(/^(latest|2023\.\d+\.\d{8})$/, { error: '"latest" or a release such as "2023.8.20260413"' })
    .default("latest"),
});

/** Why and when an image is rebuilt without anybody asking. */
const triggersSchema = z.strictObject({
  schedule: scheduleSchema.optional(),
  /** Rebuild when the parent, an image of this factory, was promoted. */
  parent: z.boolean().default(false),
  /** Rebuild when the AMI that its parent's parameter names, or the image behind the tag, is replaced. */
  base: z.boolean().default(false),
  packages: packagesSchema.optional(),
  /** From one build's start to the next, whatever triggers it; what comes earlier waits. People may ask at any time. */
  minimumInterval: duration.default(3600),
  /**
   * How old what a channel gives people may become before an alarm says so, counted from its build's start; only of images
   * that a schedule rebuilds, their own or their parent's. Left out: forty days, or longer where the schedule is slower.
   */
  staleAfter: duration.optional(),
  /** After so many failed builds in a row only people start one, until one succeeds or the image's config changes. */
  breaker: z.strictObject({ failures: z.int().min(1).max(100) }).default({ failures: 3 }),
});

/** What is the matter of container images only. */
const containerSchema = z.strictObject({
  /**
   * The path of a Dockerfile template with Image Builder's variables; left out, one that has nothing but these: the
   * parent, and the components.
   */
  dockerfile: z
    .string()
    .regex(/^(?!\/)[\w./-]+$/, { error: 'the path of a template such as "images/dockerfiles/web"' })
    .refine((path) => !path.split("/").includes(".."), { error: "a path within the repository" })
    .optional(),
});

/** The path of an image's own Dockerfile template; undefined where Amint's is used. */
export const dockerfileOf = ({
  container,
}: {
  readonly container?: z.output<typeof containerSchema> | undefined;
}): string | undefined => container?.dockerfile;
/**
 * How an image's old builds are retired, each stage only where it is proved that nobody uses them. Ages are in seconds,
 * counted from a build's start.
 */
const retentionSchema = z.strictObject({
  /** So many of the newest builds that were in a channel stay, however old they are. */
  keep: z.int().refine((count) => count >= 1, { error: "at least 1: an image without a build helps nobody" }),
  /** From then on EC2 leaves its AMIs out of others' lists; every copy has the date from its promotion on. */
  deprecateAfter: duration,
  /** Nobody launches its AMIs from then on; who could is remembered. */
  disableAfter: duration,
  /** Its AMIs are deregistered, and their snapshots deleted. */
  retireAfter: duration,
});

export type Retention = z.output<typeof retentionSchema>;

const settings = z.strictObject({
  /** What its builds yield: AMIs, or container images in Amazon ECR. */
  kind: z.enum(["ami", "container"]).default("ami"),
  description: z.string().min(1).max(1024).optional(),
  os: z.enum(imageOsNames),
  architecture: z.enum(["x86_64", "arm64"]),
  /** Left out: the system's usual public AMI. */
  parent: parentSchema.optional(),
  /**
   * It has a subscription to Ubuntu Pro, though its parent's name does not say so: what only Pro fixes counts. Known of
   * Canonical's own AMIs (`pro-server`), and of an image whose parent has it.
   */
  ubuntuPro: z.literal(true).optional(),
  components: z.array(componentSchema).min(1),
  /** Left out: the system's own. */
  tests: z.array(componentSchema).min(1).optional(),
  /** What it is built on; Image Builder picks one that EC2 has capacity for. Left out: the factory's. */
  instanceTypes: z.array(instanceTypeSchema).min(1).optional(),
  /** What of the factory's network is different for it. */
  network: imageNetworkSchema.optional(),
  /** On its building and testing instances, over the factory's. */
  instanceTags: tagsSchema.optional(),
  /** Of an AMI's root device; left out, that of the parent in the factory, else what is usual for the system. */
  volumeGiB: z.int().min(8).max(16_384).optional(),
  container: containerSchema.optional(),
  triggers: triggersSchema.prefault({}),
  gate: gateSchema,
  channels: z.array(channelSchema).min(1),
  /** When builds that nobody uses are retired; left out, none is. */
  retention: retentionSchema.optional(),
  /** Where it is published, of the factory's regions; left out, in all of them. */
  regions: z.array(regionSchema).min(1).optional(),
});

/** What is left out follows from the system. A container image has no root device, so that none is made up for it. */
export const imageSchema = settings.transform((image, context) => {
  const { kind, os, architecture } = image;
  const { parent: usual, withoutParent, tests } = imageSystemOf(os);
  const parent = image.parent ?? (kind === "ami" && usual ? { ssm: usual(architecture) } : undefined);
  if (!parent) {
    const why = kind === "ami" ? (withoutParent ?? os) : 'images of kind "container" have no usual parent';
    context.addIssue({ code: "custom", path: ["parent"], message: `a parent (${why})`, input: undefined });
    return z.NEVER;
  }
  if (kind === "container" && !image.tests) {
    const message = 'tests (those of operating systems are for machines, not for images of kind "container")';
    context.addIssue({ code: "custom", path: ["tests"], message, input: undefined });
  }
  return {
    ...image,
    parent,
    tests: image.tests ?? tests.map((one) => componentSchema.parse(one)),
  };
});

/** An image of a factory; `factory-schema.ts` gives it its volume, and a parent by owner and name its parameter. */
export type Image = Omit<z.output<typeof imageSchema>, "parent"> & { readonly parent: Parent };
