import * as z from "zod";
import { imageSystemOf } from "../component/image-system.ts";
import { osNames } from "../component/operating-system.ts";
import { priceTableSchema } from "../cost/price-table.ts";
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
import { withParameter } from "./parent-schema.ts";
import type { FormerKeys } from "./renamed-keys.ts";
import { blackoutSchema } from "./schedule-schema.ts";
import { consumersSchema } from "./share-schema.ts";
import { duration, nameSchema, regionSchema } from "./values.ts";

const KEY = /^arn:[\w-]+:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A customer managed single-Region key by its ARN. A bare id or an alias would mean another key in a consumer's account,
 * what is encrypted with `alias/aws/ebs` cannot be shared (EC2 user guide, "Share an AMI"), and copies of a multi-Region
 * key (`mrk-...`) would share what one of them gives away.
 */
const keyArnSchema = z.string().regex(KEY, {
  error:
    'the ARN of a customer managed single-Region key such as "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"; no id, no alias, no alias/aws/ebs',
});

/** What the factory may cost, and in which prices that is estimated. */
const costSchema = z.strictObject({
  /** People are told, once a month, when the month's estimate passes this: in the price table's money. */
  monthlyAlarm: z.number().positive().optional(),
  /** Instead of the list prices that come with the factory. */
  prices: priceTableSchema.optional(),
});

const HOUR = 3600;

/** How long what nobody will use is kept, in seconds. */
const leftoversSchema = z.strictObject({
  /** AMIs and snapshots of failed, rejected and half-distributed builds: for those who look after the cause. */
  keep: duration
    .refine((seconds) => seconds >= 24 * HOUR, { error: 'at least a day, such as "14d"' })
    .default(14 * 24 * HOUR),
  /** Instances in the canary's account whose trial was cut short. */
  canaries: duration.refine((seconds) => seconds >= HOUR, { error: 'at least "1h"' }).default(2 * HOUR),
  /** Build and test instances, from their start on, whose builds have ended: longer than any build takes. */
  instances: duration.refine((seconds) => seconds >= 12 * HOUR, { error: 'at least "12h"' }).default(24 * HOUR),
});

const DAY = 86_400;

/** When people hear, once a month and image by image, which accounts run what. */
const fleetSchema = z.strictObject({
  monthlyNotice: z.boolean().default(true),
  /** The day of the month, in UTC, from which on EC2 is asked: no month is without it. */
  onDay: z.int().min(1).max(28).default(1),
  /** In seconds. What EC2 has not reported by then is told as not known. */
  waitForReports: duration
    .refine((seconds) => seconds >= DAY && seconds <= 14 * DAY, { error: 'from a day to two weeks, such as "3d"' })
    .default(3 * DAY),
});

const objectivesSchema = z.strictObject({
  /** From when Amint saw an advisory until 90 % of the opted-in instances that it affects are replaced, in seconds. */
  patched90: duration.optional(),
});

/** Whether what the factory deregisters and deletes can be taken back for a while, from the Recycle Bin of each region. */
const recycleBinSchema = z.strictObject({
  /** `false` where the organization has rules of its own. */
  enabled: z.boolean().default(true),
  /**
   * In seconds; whole days, a year at most (Recycle Bin API reference, RetentionPeriod). What is in the bin costs as before
   * (EBS user guide, "Recover deleted resources with Recycle Bin").
   */
  retain: duration
    .refine((seconds) => seconds % DAY === 0 && seconds >= DAY && seconds <= 365 * DAY, {
      error: 'whole days from "1d" to "365d"',
    })
    .default(14 * DAY),
});

/** A person, by the names that Slack and IAM know them under. */
const personSchema = z
  .strictObject({
    /** Slack's user id. */
    slack: z
      .string()
      .regex(/^[UW][A-Z0-9]{6,}$/, { error: 'a Slack user id such as "U012AB3CD"' })
      .optional(),
    /** ARNs of IAM users and assumed roles; `*` for any characters, e.g. for the session's name. */
    principals: z
      .array(
        z.string().regex(/^arn:[a-z-]+:(iam|sts)::\d{12}:.+$/, {
          error: 'an ARN such as "arn:aws:sts::111122223333:assumed-role/PlatformTeam/ada@example.com"',
        }),
      )
      .default([]),
  })
  .refine(({ slack, principals }) => slack !== undefined || principals.length > 0, {
    error: "at least one of slack, principals: nobody could answer as this person",
  });

export type Person = z.output<typeof personSchema>;

/** How often everything is compared with AWS. */
const reconcileSchema = z.strictObject({
  /**
   * How much time passes between two comparisons of everything, in seconds; in between, `reconcile` continues only what is
   * under way or overdue. Left out: an hour without a trail, a day with one.
   */
  fullComparisonEvery: duration
    .refine((seconds) => seconds >= HOUR && seconds <= 7 * 24 * HOUR, { error: 'from "1h" to "7d"' })
    .optional(),
});

/**
 * The trail whose events report changes that send none of their own: one of the organization's, one of the factory's
 * account, or none. Amint creates no trail.
 */
const cloudTrailSchema = z.enum(["organization", "own", "none"]);

/** What kind of news a notice is: something failed, somebody is to answer, or people only want to know. */
const tones = ["good", "bad", "news", "question"] as const;

export type Tone = (typeof tones)[number];

const channel = z.string().min(1);

const routeSchema = z
  .strictObject({
    /** Left out: of every image. */
    images: z.array(nameSchema).min(1).optional(),
    /** Left out: all of them. */
    tones: z.array(z.enum(tones)).min(1).optional(),
    channel,
  })
  .refine(({ images, tones: some }) => images !== undefined || some !== undefined, {
    error: "at least one of images, tones: without either it is what notify.slack.channel is for",
  });

/** Whom notices reach, beside those who subscribe to the topic by themselves. */
const feedsSchema = z.strictObject({
  /** Operating systems whose mirrors (the secret `FeedMirrors`) are read without a signature; `amint validate` warns. */
  unverified: z.array(z.enum(osNames)).default([]),
});

export const notifySchema = z.strictObject({
  email: z.array(z.email()).default([]),
  slack: z
    .strictObject({
      /** The channel (name or id) that the Slack app posts to. */
      channel,
      /** Where some notices go instead: to the first that fits. */
      routes: z.array(routeSchema).default([]),
      /**
       * Executions that Lambda reserves for the function behind the public address, which are also the most that a flood of it
       * takes from the account's other functions. Left out: none. Lambda keeps 100 unreserved, so that an account with
       * fewer than 101 in all takes none.
       */
      reservedConcurrency: z
        .int({ error: "a whole number of executions, such as 5" })
        .min(1, { error: "1 or more: with 0 Lambda runs the function never" })
        .max(100, { error: "at most 100: Slack calls once for each click" })
        .optional(),
    })
    .optional(),
});

export type SlackSettings = NonNullable<z.output<typeof notifySchema>["slack"]>;

const settings = z.strictObject({
  name: nameSchema,
  /** The account that it is deployed in; a deployment in another one, and `amint validate` with its credentials, fail. */
  account: z
    .string()
    .regex(/^\d{12}$/, { error: "a 12-digit account id" })
    .optional(),
  /** Where images are built and tested. */
  buildRegion: regionSchema,
  /** Where images are published; the build region is one of them. */
  regions: z.array(regionSchema).min(1),
  organization: z.strictObject({
    id: z.string().regex(/^o-[a-z0-9]{10,32}$/, { error: 'an organization id such as "o-exampleorgid"' }),
    managementAccountId: z.string().regex(/^\d{12}$/, { error: "a 12-digit account id" }),
    /** The root above all units, which stands for all of the organization where a StackSet asks for units. */
    rootId: z
      .string()
      .regex(/^r-[0-9a-z]{4,32}$/, { error: 'the id of the organization\'s root such as "r-exam"' })
      .optional(),
  }),
  /** Where images are built and tested; left out, in the build region's default VPC. docs/network.md says what a build needs. */
  network: networkSchema.optional(),
  /** An existing role of the account for building instances, instead of the stack's own; docs/network.md says what it allows. */
  instanceRole: roleSchema.optional(),
  /** Parameters that builds read, beside those that component documents name as `{{ aws:ssm:... }}`; `*` at the end stands for any. */
  instanceParameters: z.array(parameterPatternSchema).default([]),
  /**
   * Attaches AmazonSSMManagedInstanceCore to the stack's roles for instances. Builds can then read every parameter of the
   * account; docs/adr/0011 says why the stack's own policy takes its place.
   */
  managedCore: z.boolean().default(false),
  /** What Image Builder acts as, instead of its service-linked role. */
  executionRole: roleSchema.optional(),
  /** The permissions boundary of every role that the stack makes in the factory's account. */
  permissionsBoundary: boundarySchema.optional(),
  /** What images are built on, unless they say otherwise; Image Builder picks one that EC2 has capacity for. */
  instanceTypes: z
    .strictObject({
      x86_64: z.array(instanceTypeSchema).min(1).optional(),
      arm64: z.array(instanceTypeSchema).min(1).optional(),
    })
    .optional(),
  /** On building and testing instances, in addition to resourceTags. */
  instanceTags: tagsSchema.optional(),
  /** On everything that the stack and its functions make. */
  resourceTags: tagsSchema.default({}),
  /** Keys that are there already, by region; elsewhere the stack makes one. docs/organization.md says what they allow. */
  keys: z.record(regionSchema, keyArnSchema).optional(),
  /** How it is tried, in consumers' accounts, that they can launch what is shared with them. */
  consumers: consumersSchema.optional(),
  notify: notifySchema.default({ email: [] }),
  /**
   * Amint turns on Amazon Inspector's EC2 scanning, and for container images ECR scanning, in the factory's account; `false`
   * where the organization does. Where it is off, Image Builder refuses the pipelines: `amint validate` checks it.
   */
  enableInspector: z.boolean().default(true),
  /** Which trail logs management events, those of KMS among them; docs/sharing.md says what each finds, and how soon. */
  cloudTrail: cloudTrailSchema.default("none"),
  /** How often all that is published is compared with AWS. */
  reconcile: reconcileSchema.prefault({}),
  /** When what failed builds and trials leave behind is removed. */
  leftovers: leftoversSchema.prefault({}),
  /** How long what is deregistered or deleted can be taken back. */
  recycleBin: recycleBinSchema.prefault({}),
  /** When people hear which accounts run what. */
  fleet: fleetSchema.prefault({}),
  /** When people hear that the factory costs more than was thought. */
  cost: costSchema.optional(),
  /** How vendors' advisories are read. */
  feeds: feedsSchema.prefault({}),
  /** What the factory is held to; an alarm tells when it is missed. */
  objectives: objectivesSchema.prefault({}),
  /** Findings that rebuild nothing, for a while. */
  waivers: z.array(waiverSchema).default([]),
  /** When no build starts by itself. */
  blackouts: z.array(blackoutSchema).default([]),
  /** Those who approve, by the names that the config calls them. */
  people: z.record(nameSchema, personSchema).default({}),
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

/** EC2 launches no AMI with a smaller volume than its own, so that a child without one has its parent's. */
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

/** What one `factory.config.ts` describes, validated and with defaults filled in. */
export type Factory = z.output<typeof factorySchema>;

export type FactoryInput = z.input<typeof factorySchema> & FormerKeys;
