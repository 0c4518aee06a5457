import * as z from "zod";
import { advisorySeverities } from "../../events/build.ts";
import { imageOsNames, imageSystemOf } from "../component/image-system.ts";
import { channelSchema } from "./channel-schema.ts";
import { componentSchema } from "./component-schema.ts";
import { gateSchema } from "./gate-schema.ts";
import { imageNetworkSchema, instanceTypeSchema, tagsSchema } from "./network-schema.ts";
import { type Parent, parentSchema } from "./parent-schema.ts";
import { scheduleSchema } from "./schedule-schema.ts";
import { urgentSchema } from "./urgent-schema.ts";
import { duration, regionSchema } from "./values.ts";

/** Which advisories on installed packages rebuild an image. */
const packagesSchema = z.strictObject({
  /**
   * The lowest severity that rebuilds the image; `"unknown"` means every advisory and is the only choice for Debian, whose
   * archive has no severities, unless `exploited` or `epss` is set. For Ubuntu, Canonical's priority high is important, and
   * an update whose priority stays unknown for 24 hours counts as important.
   * @example "important"
   */
  severity: z.enum(advisorySeverities),
  /**
   * `"always"`: an advisory with a CVE in CISA's catalog of known exploited vulnerabilities rebuilds the image at any
   * severity.
   * @example "always"
   */
  exploited: z.enum(["always", "by-severity"]).default("by-severity"),
  /**
   * An advisory with a CVE of at least this EPSS score (FIRST) also rebuilds the image at any severity.
   * @defaultValue scores are not read
   * @example 0.7
   */
  epss: z.number().gt(0).max(1).optional(),
  /**
   * Amazon Linux 2023 only, whose dnf is locked to a release: the release that `amint:update-al2023` installs.
   * @example "2023.8.20260413"
   */
  release: z
    .string()
    .regex(/^(latest|2023\.\d+\.\d{8})$/, { error: '"latest" or a release such as "2023.8.20260413"' })
    .default("latest"),
});

/** When an image is rebuilt by itself. */
const triggersSchema = z.strictObject({
  /**
   * Rebuild on a schedule: `patchTuesday(...)` or `every(...)`, imported from `"amint"`.
   * @defaultValue no schedule
   * @example patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" })
   */
  schedule: scheduleSchema.optional(),
  /**
   * Rebuild when the parent, an image of this factory, is promoted to the channel that `parent.channel` names.
   * @example true
   */
  parent: z.boolean().default(false),
  /**
   * Rebuild when the parent's SSM parameter names another AMI, or the container image's tag another image.
   * @example true
   */
  base: z.boolean().default(false),
  /**
   * Rebuild when an advisory applies to a package that is installed in the image.
   * @defaultValue advisories start no build
   * @example { severity: "important" }
   */
  packages: packagesSchema.optional(),
  /**
   * Least time between the starts of two builds. Triggers that come earlier wait; requested builds do not.
   * @example "24h"
   */
  minimumInterval: duration.prefault("1h"),
  /**
   * Age of a channel's build, counted from its start, at which an alarm fires. Only for images that a schedule rebuilds,
   * their own or their parent's.
   * @defaultValue 40 days, or longer if the schedule is slower
   * @example "60d"
   */
  staleAfter: duration.optional(),
  /**
   * The circuit breaker for failing builds.
   * @example { failures: 5 }
   */
  breaker: z
    .strictObject({
      /**
       * After this many failed builds in a row only requests start a build, until one succeeds or the image's config changes.
       * @example 5
       */
      failures: z.int().min(1).max(100),
    })
    .default({ failures: 3 }),
});

const containerSchema = z.strictObject({
  /**
   * Path of a Dockerfile template with Image Builder's variables.
   * @defaultValue a template with the parent and the components only
   * @example "images/dockerfiles/web"
   */
  dockerfile: z
    .string()
    .regex(/^(?!\/)[\w./-]+$/, { error: 'a relative path such as "images/dockerfiles/web"' })
    .refine((path) => !path.split("/").includes(".."), { error: 'a path within the project, without ".."' })
    .optional(),
});

/** The path of an image's own Dockerfile template; undefined where Amint's is used. */
export const dockerfileOf = ({
  container,
}: {
  readonly container?: z.output<typeof containerSchema> | undefined;
}): string | undefined => container?.dockerfile;

/**
 * How an image's old builds are retired; disabling and later stages only once usage reports show that no account uses the
 * build. Ages are counted from a build's start.
 */
const retentionSchema = z.strictObject({
  /**
   * How many of the newest builds that were in a channel are kept at any age: at least one per channel and one to roll back
   * to.
   * @example 3
   */
  keep: z.int().min(1),
  /**
   * Age at which AMIs are deprecated: EC2 omits them from other accounts' lists. Every copy gets this date when it is
   * promoted. Must exceed the channels' soaks and approval timeouts together.
   * @example "30d"
   */
  deprecateAfter: duration,
  /**
   * Age at which unused AMIs are unshared and then disabled, so that no account can launch them. Must exceed
   * `deprecateAfter`.
   * @example "60d"
   */
  disableAfter: duration,
  /**
   * Age at which unused AMIs are deregistered and their snapshots deleted. Must exceed `disableAfter`.
   * @example "90d"
   */
  retireAfter: duration,
});

export type Retention = z.output<typeof retentionSchema>;

const settings = z.strictObject({
  /**
   * What builds produce: AMIs, or container images in Amazon ECR.
   * @example "container"
   */
  kind: z.enum(["ami", "container"]).default("ami"),
  /**
   * Description of the image's recipe.
   * @defaultValue `<image> of the factory <name>`
   * @example "Amazon Linux 2023, patched and hardened"
   */
  description: z.string().min(1).max(1024).optional(),
  /**
   * The operating system. It decides the default parent, tests, volume size and instance types, and which advisories apply.
   * @example "al2023"
   */
  os: z.enum(imageOsNames),
  /**
   * The processor architecture.
   * @example "x86_64"
   */
  architecture: z.enum(["x86_64", "arm64"]),
  /**
   * What the image starts from: a public or shared AMI, another image of this factory, or a container image.
   * @defaultValue the operating system's public AMI, if its vendor publishes a parameter; container images have no default
   * @example { image: "al2023-base", channel: "stable" }
   */
  parent: parentSchema.optional(),
  /**
   * Set `true` if the image has an Ubuntu Pro subscription that its parent's name does not show, so that fixes that only Pro
   * has count. Amint recognizes Canonical's own AMIs (`pro-server`), and images whose parent has Pro.
   * @example true
   */
  ubuntuPro: z.literal(true).optional(),
  /**
   * Components of the recipe, in this order: `"amint:<name>"`, `"aws:<name>"`, the path of a document, or an object.
   * @example ["amint:update-al2023", "images/components/harden-ssh.yaml"]
   */
  components: z.array(componentSchema).min(1),
  /**
   * Test components, which run on an instance of the finished image. Required for container images.
   * @defaultValue the operating system's own tests
   * @example ["amint:system-tests", "images/components/smoke.yaml"]
   */
  tests: z.array(componentSchema).min(1).optional(),
  /**
   * Instance types to build on. Image Builder uses one that EC2 has capacity for.
   * @defaultValue the factory's `instanceTypes`
   * @example ["m7i.large", "m6i.large"]
   */
  instanceTypes: z.array(instanceTypeSchema).min(1).optional(),
  /**
   * Settings of the factory's `network` that differ for this image.
   * @defaultValue the factory's `network`
   * @example { subnetIds: ["subnet-0a1b2c3d4e5f67890"] }
   */
  network: imageNetworkSchema.optional(),
  /**
   * Tags of this image's building and testing instances, added to the factory's `instanceTags`.
   * @example { team: "web" }
   */
  instanceTags: tagsSchema.optional(),
  /**
   * Size of an AMI's root volume. Not less than the parent's.
   * @defaultValue the parent image's size, or the operating system's default
   * @example 20
   */
  volumeGiB: z.int().min(8).max(16_384).optional(),
  /**
   * Settings for images of kind `"container"`.
   * @example { dockerfile: "images/dockerfiles/web" }
   */
  container: containerSchema.optional(),
  /**
   * When the image is rebuilt by itself. Requested builds start at any time.
   * @example { schedule: patchTuesday({ plusDays: 1, at: "03:00" }), packages: { severity: "important" } }
   */
  triggers: triggersSchema.prefault({}),
  /**
   * Which advisories do not let their fix wait: builds that fix one are promoted and rolled out by the urgent times of
   * channels and roll-outs, and start before `minimumInterval` is over. The gate stays the same. Such an advisory starts a
   * build even if `triggers.packages` alone would not. A build that follows an urgent build of its parent is urgent, too.
   * @defaultValue nothing is urgent but what `amint build --urgent` asks for
   * @example { exploited: "always", severity: "critical", epss: 0.5 }
   */
  urgent: urgentSchema.optional(),
  /**
   * What a build must meet to be promoted.
   * @example { cve: { critical: 0, count: "fixable" } }
   */
  gate: gateSchema,
  /**
   * Channels, in the order in which a promotion walks them.
   * @example [{ name: "stable", share: { organization: true } }]
   */
  channels: z.array(channelSchema).min(1),
  /**
   * When old builds are deprecated, disabled and deregistered.
   * @defaultValue no build is retired
   * @example { keep: 3, deprecateAfter: "30d", disableAfter: "60d", retireAfter: "90d" }
   */
  retention: retentionSchema.optional(),
  /**
   * Regions in which the image is published; some of the factory's `regions`, the build region included.
   * @defaultValue all regions of the factory
   * @example ["eu-west-1"]
   */
  regions: z.array(regionSchema).min(1).optional(),
});

/** Fills in defaults that follow from the operating system. A container image has no root device, so it gets no volume. */
export const imageSchema = settings.transform((image, context) => {
  const { kind, os, architecture } = image;
  const { parent: usual, withoutParent, tests } = imageSystemOf(os);
  const parent = image.parent ?? (kind === "ami" && usual ? { ssm: usual(architecture) } : undefined);
  if (!parent) {
    const why = kind === "ami" ? (withoutParent ?? os) : 'images of kind "container" have no default parent';
    context.addIssue({ code: "custom", path: ["parent"], message: `a parent (${why})`, input: undefined });
    return z.NEVER;
  }
  if (kind === "container" && !image.tests) {
    const message = 'tests (the operating system\'s own are for instances, not for images of kind "container")';
    context.addIssue({ code: "custom", path: ["tests"], message, input: undefined });
  }
  return { ...image, parent, tests: image.tests ?? tests.map((one) => componentSchema.parse(one)) };
});

/** An image of a factory; `factory-schema.ts` adds the volume, and the parameter of a parent by owner and name. */
export type Image = Omit<z.output<typeof imageSchema>, "parent"> & { readonly parent: Parent };
