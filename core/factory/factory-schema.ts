import * as z from "zod";
import { imageSystemOf } from "../component/image-system.ts";
import { amiParentParameter } from "../names.ts";
import { waiverSchema } from "./gate-schema.ts";
import { type Image, imageSchema } from "./image-schema.ts";
import {
  boundarySchema,
  instanceTypeSchema,
  networkSchema,
  parameterPatternSchema,
  roleSchema,
  tagsSchema,
} from "./network-schema.ts";
import { notifySchema, peopleSchema } from "./notify-schema.ts";
import { withParameter } from "./parent-schema.ts";
import type { FormerKeys } from "./renamed-keys.ts";
import { blackoutSchema } from "./schedule-schema.ts";
import { consumersSchema } from "./share-schema.ts";
import {
  costSchema,
  feedsSchema,
  fleetSchema,
  leftoversSchema,
  objectivesSchema,
  reconcileSchema,
  recycleBinSchema,
} from "./upkeep-schema.ts";
import { accountId, nameSchema, regionSchema } from "./values.ts";

const KEY = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A customer managed single-Region key by its ARN. A bare ID or an alias would mean another key in a consumer account, what
 * is encrypted with `alias/aws/ebs` cannot be shared (EC2 user guide, "Share an AMI"), and with copies of a multi-Region key
 * (`mrk-...`) a grant on one copy would also open the others.
 */
const keyArnSchema = z.string().regex(KEY, {
  error:
    'the ARN of a customer managed single-Region key such as "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", not a key ID, an alias or alias/aws/ebs',
});

const organizationSchema = z.strictObject({
  /**
   * The organization's ID.
   * @example "o-exampleorgid"
   */
  id: z.string().regex(/^o-[a-z0-9]{10,32}$/, { error: 'an organization ID such as "o-exampleorgid"' }),
  /**
   * The management account. It gets no consumer role, because StackSets deploys nothing there.
   * @example "999988887777"
   */
  managementAccountId: accountId,
  /**
   * The root of the organization (`aws organizations list-roots`). Required with `consumers` unless
   * `consumers.organizationalUnits` is set.
   * @example "r-exam"
   */
  rootId: z
    .string()
    .regex(/^r-[0-9a-z]{4,32}$/, { error: 'the ID of the organization\'s root such as "r-exam"' })
    .optional(),
});

const settings = z.strictObject({
  /**
   * The factory's name. Names of AWS resources begin with it, so an account can have one factory of a name.
   * @example "acme"
   */
  name: nameSchema,
  /**
   * The account that the factory is deployed in. A deployment in another account fails, and so does `amint validate` with
   * another account's credentials.
   * @defaultValue the account of the credentials
   * @example "111122223333"
   */
  account: accountId.optional(),
  /**
   * Region in which images are built and tested, with most of the factory's resources.
   * @example "eu-west-1"
   */
  buildRegion: regionSchema,
  /**
   * Regions in which images are published. Must contain `buildRegion`.
   * @example ["eu-west-1", "us-east-1"]
   */
  regions: z.array(regionSchema).min(1),
  /**
   * The AWS organization that images are shared in.
   * @example { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-exam" }
   */
  organization: organizationSchema,
  /**
   * The VPC in which images are built and tested.
   * @defaultValue the default VPC of the build region
   * @example { vpcId: "vpc-0a1b2c3d4e5f67890", subnetIds: ["subnet-0a1b2c3d4e5f67890"] }
   */
  network: networkSchema.optional(),
  /**
   * An existing role of the account for building and testing instances, by name or ARN.
   * @defaultValue a role that the stack creates
   * @example "image-builds"
   */
  instanceRole: roleSchema.optional(),
  /**
   * SSM parameters that builds may read, besides those that component documents name as `{{ aws:ssm:... }}`. A trailing
   * `/*` matches all parameters below a path.
   * @example ["/builds/*"]
   */
  instanceParameters: z.array(parameterPatternSchema).default([]),
  /**
   * Attach `AmazonSSMManagedInstanceCore` to the stack's instance roles. Builds can then read every parameter of the
   * account.
   * @example true
   */
  managedCore: z.boolean().default(false),
  /**
   * A role that Image Builder assumes, by name or ARN. It must trust `imagebuilder.amazonaws.com`.
   * @defaultValue Image Builder's service-linked role
   * @example "image-builder"
   */
  executionRole: roleSchema.optional(),
  /**
   * The permissions boundary of every role that the stack creates in the factory's account.
   * @defaultValue no boundary
   * @example "arn:aws:iam::111122223333:policy/boundary"
   */
  permissionsBoundary: boundarySchema.optional(),
  /**
   * Instance types to build on, for images without their own. Image Builder uses one that EC2 has capacity for.
   * @example { x86_64: ["m7i.large", "m6i.large"] }
   */
  instanceTypes: z
    .strictObject({
      /**
       * For images of `architecture: "x86_64"`.
       * @defaultValue m7i.large, m6i.large, m5.large; for Windows m7i.xlarge, m6i.xlarge, m5.xlarge
       * @example ["m7i.large", "m6i.large"]
       */
      x86_64: z.array(instanceTypeSchema).min(1).optional(),
      /**
       * For images of `architecture: "arm64"`.
       * @defaultValue m7g.large, m6g.large
       * @example ["m7g.large", "m6g.large"]
       */
      arm64: z.array(instanceTypeSchema).min(1).optional(),
    })
    .optional(),
  /**
   * Tags of building and testing instances, in addition to `resourceTags`.
   * @example { purpose: "image-build" }
   */
  instanceTags: tagsSchema.optional(),
  /**
   * Tags of everything that the stack and its functions create.
   * @example { team: "platform" }
   */
  resourceTags: tagsSchema.default({}),
  /**
   * Existing KMS keys, by region.
   * @defaultValue a key per region that the stack creates
   * @example { "eu-west-1": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
   */
  keys: z.record(regionSchema, keyArnSchema).optional(),
  /**
   * Consumer accounts: launch verification, canaries and copies of parameters. Required for roll-outs.
   * @defaultValue no role in consumer accounts; an AMI counts as shared once its launch permission was read back
   * @example { verify: ["200000000001"], mirror: true }
   */
  consumers: consumersSchema.optional(),
  /**
   * Where notices go, besides subscribers that add themselves to the SNS topic.
   * @example { email: ["platform@example.com"], slack: { channel: "#golden-images" } }
   */
  notify: notifySchema.prefault({}),
  /**
   * Turn on Amazon Inspector scanning (EC2, and ECR for container images) in the factory's account. Set `false` if the
   * organization does that. Image Builder refuses pipelines while scanning is off.
   * @example false
   */
  enableInspector: z.boolean().default(true),
  /**
   * The trail whose events report changes made outside Amint: `"organization"`, one of the organization; `"own"`, one of the
   * factory's account; `"none"`. Amint creates no trail.
   * @example "organization"
   */
  cloudTrail: z.enum(["organization", "own", "none"]).default("none"),
  /**
   * How often everything that is published is compared with AWS.
   * @example { fullComparisonEvery: "12h" }
   */
  reconcile: reconcileSchema.prefault({}),
  /**
   * When leftovers of failed builds and interrupted verifications are removed.
   * @example { keep: "30d" }
   */
  leftovers: leftoversSchema.prefault({}),
  /**
   * How long deregistered AMIs and deleted snapshots can be restored.
   * @example { retain: "30d" }
   */
  recycleBin: recycleBinSchema.prefault({}),
  /**
   * The monthly notice of which accounts run which builds.
   * @example { onDay: 15 }
   */
  fleet: fleetSchema.prefault({}),
  /**
   * The cost alarm.
   * @defaultValue no alarm; list prices
   * @example { monthlyAlarm: 250 }
   */
  cost: costSchema.optional(),
  /**
   * How vendors' advisories are read.
   * @example { unverified: ["windows-2022"] }
   */
  feeds: feedsSchema.prefault({}),
  /**
   * Objectives that the factory is measured by.
   * @example { patched90: "48h" }
   */
  objectives: objectivesSchema.prefault({}),
  /**
   * Accepted findings: they neither fail the gate nor start a build until they expire.
   * @example [{ finding: "CVE-2026-99901", image: "al2023-base", owner: "security", reason: "not reachable", until: "2026-04-30" }]
   */
  waivers: z.array(waiverSchema).default([]),
  /**
   * When builds do not start by themselves, once or repeatedly. Triggers wait until the end; requested builds do not.
   * @example [{ from: "2026-12-19T00:00", to: "2027-01-04T08:00", reason: "end-of-year freeze" }]
   */
  blackouts: z.array(blackoutSchema).default([]),
  /**
   * Approvers and requesters, by the names that the config uses for them.
   * @example { ada: { slack: "U012AB3CD" } }
   */
  people: peopleSchema.default({}),
  /**
   * The images, by name.
   * @example { base: { os: "al2023", architecture: "x86_64", components: ["amint:update-al2023"], gate: { cve: { count: "fixable" } }, channels: [{ name: "stable", share: { organization: true } }] } }
   */
  images: z.record(nameSchema, imageSchema),
});

export const factorySchema = settings.transform(({ images, ...factory }) => ({
  ...factory,
  images: Object.fromEntries(
    Object.entries(images).map(([name, image]): [string, Image] => [
      name,
      {
        ...image,
        parent: withParameter(image.parent, amiParentParameter(factory.name, name)),
        ...(image.kind === "ami" && { volumeGiB: volumeOf(name, images) }),
      },
    ]),
  ),
}));

/** EC2 does not launch an AMI with a smaller volume than its own, so a child without a size has its parent's. */
function volumeOf(name: string, images: Readonly<Record<string, z.output<typeof imageSchema>>>): number | undefined {
  const seen = new Set<string>();
  for (let at = name; !seen.has(at); ) {
    seen.add(at);
    const image = images[at];
    if (!image) break;
    if (image.volumeGiB !== undefined) return image.volumeGiB;
    if (!("image" in image.parent)) return imageSystemOf(image.os).volumeGiB;
    at = image.parent.image;
  }
  return images[name] && imageSystemOf(images[name].os).volumeGiB;
}

/** A `factory.config.ts`, validated and with defaults filled in. */
export type Factory = z.output<typeof factorySchema>;

/** The argument of `defineFactory`; docs/configuration.md lists its keys. */
export type FactoryInput = z.input<typeof factorySchema> & FormerKeys;
