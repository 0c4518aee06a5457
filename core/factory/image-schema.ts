import * as z from "zod";
import { duration } from "./duration.ts";
import { scheduleSchema } from "./schedule.ts";

/** Lower-case words joined by hyphens: Image Builder lower-cases names in ARNs, so nothing else round-trips. */
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: "lower-case letters, digits and single hyphens, a letter first" })
  .max(40);

const accountId = z.string().regex(/^\d{12}$/, { error: "a 12-digit account id" });
const organizationalUnitId = z
  .string()
  .regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/, { error: 'an organizational unit id such as "ou-exam-workload"' });

/** Operating systems with the device that their AMIs boot from. */
const operatingSystems = ["al2023", "ubuntu-2204", "ubuntu-2404"] as const;

const parentSchema = z.union(
  [
    z.strictObject({ ssm: z.string().startsWith("/aws/service/") }),
    z.strictObject({ image: nameSchema, channel: nameSchema }),
  ],
  {
    error:
      '{ ssm: "/aws/service/..." } (a public AMI) or { image, channel } (an image of this factory and its channel)',
  },
);

const componentSchema = z.string().regex(/^(aws:[a-z0-9-]+|(?!\/)[\w./-]+\.ya?ml)$/, {
  error: '"aws:<name of a component of AWS>" or the path of a document such as "images/components/harden-ssh.yaml"',
});

const count = z.int().min(0);

const gateSchema = z.strictObject({
  cve: z.strictObject({
    /** Findings allowed per severity; a severity left out is not limited. */
    critical: count.optional(),
    high: count.optional(),
    medium: count.optional(),
    /** Which findings count: all of them, or only those that a newer package fixes. */
    count: z.enum(["all", "fixable"]),
  }),
});

const shareSchema = z
  .strictObject({
    organization: z.literal(true).optional(),
    organizationalUnits: z.array(organizationalUnitId).default([]),
    accounts: z.array(accountId).default([]),
  })
  .refine(
    ({ organization, organizationalUnits, accounts }) =>
      organization || organizationalUnits.length + accounts.length > 0,
    {
      error: "at least one of organization: true, organizationalUnits, accounts",
    },
  );

const channelSchema = z.strictObject({
  name: nameSchema,
  share: shareSchema,
  /** How long a build stays in this channel before it may enter the next one. */
  soak: duration.default(0),
});

export const imageSchema = z.strictObject({
  description: z.string().min(1).max(1024).optional(),
  os: z.enum(operatingSystems),
  architecture: z.enum(["x86_64", "arm64"]),
  parent: parentSchema,
  components: z.array(componentSchema).min(1),
  tests: z.array(componentSchema).min(1),
  instanceTypes: z
    .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/))
    .min(1)
    .optional(),
  volumeGiB: z.int().min(8).max(16_384).default(8),
  triggers: z
    .strictObject({ schedule: scheduleSchema.optional(), parent: z.boolean().default(false) })
    .default({ parent: false }),
  gate: gateSchema,
  channels: z.array(channelSchema).min(1),
});

export type Image = z.output<typeof imageSchema>;

export type Channel = Image["channels"][number];
export type Share = z.output<typeof shareSchema>;
export type GateThresholds = z.output<typeof gateSchema>;
