import * as z from "zod";
import { subnetByTag, subnetsByRegion } from "./network-schema.ts";
import { consumerRolloutSchema } from "./rollout-schema.ts";
import { accountId, organizationalUnitId } from "./values.ts";

/** Left out of a share, although what is shared with would reach them. */
const exceptSchema = z.strictObject({
  /** With everything below them. */
  organizationalUnits: z.array(organizationalUnitId).default([]),
  accounts: z.array(accountId).default([]),
});

/**
 * Who may launch what a channel points at: all that is named together, without the exceptions. Organization and units
 * follow accounts that join and leave by themselves; with exceptions or tags, Amint follows them.
 */
export const shareSchema = z
  .strictObject({
    organization: z.literal(true).optional(),
    /** With every unit below them. */
    organizationalUnits: z.array(organizationalUnitId).default([]),
    accounts: z.array(accountId).default([]),
    /** The accounts of the organization that bear all of these tags. */
    accountTags: z
      .record(z.string().min(1).max(128), z.string().max(256))
      .refine((tags) => Object.keys(tags).length > 0, { error: "at least one tag" })
      .optional(),
    except: exceptSchema.optional(),
  })
  .refine(
    ({ organization, organizationalUnits, accounts, accountTags }) =>
      organization || accountTags || organizationalUnits.length + accounts.length > 0,
    {
      error: "at least one of organization: true, organizationalUnits, accounts, accountTags",
    },
  );

export type Share = z.output<typeof shareSchema>;

const instanceType = z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/, { error: 'an instance type such as "t3.micro"' });

/** An account in which an instance is really launched before a channel moves, once in every region. */
const canarySchema = z.strictObject({
  account: accountId,
  /** What is launched, by the image's architecture: small and cheap. */
  instanceTypes: z
    .strictObject({ x86_64: instanceType.default("t3.micro"), arm64: instanceType.default("t4g.micro") })
    .prefault({}),
  /** Launches by Auto Scaling, too: it uses the keys by a role and a grant of its own. */
  autoScaling: z.boolean().default(true),
});

const consumerSubnets = z.union([subnetByTag, subnetsByRegion], {
  error: '{ tag: { Name: "..." } }, or a subnet for each region: { "eu-west-1": "subnet-0a1b2c3d4e5f67890" }',
});

/**
 * The consumers' side: a role that a service-managed StackSet puts into their accounts, and what Amint does by it.
 * Left out, an AMI counts as shared once its launch permission was read back.
 */
export const consumersSchema = z.strictObject({
  /** The units whose accounts get the role, with every unit below them; left out, all of the organization's. */
  organizationalUnits: z.array(organizationalUnitId).min(1).optional(),
  /** Accounts that are asked, as consumers, before a channel moves: those of them that the channel reaches. */
  verify: z.array(accountId).min(1),
  canary: canarySchema.optional(),
  /**
   * Where launches are tried, by account, or for all others by "*"; left out, in an account's default VPC. By tag a subnet
   * is found in each region; by id it is named for each region.
   */
  subnets: z.record(z.union([accountId, z.literal("*")]), consumerSubnets).default({}),
  /**
   * A copy of each channel's parameter in every account that it reaches: CloudFormation's `{{resolve:ssm}}` reads its
   * own account only.
   */
  mirror: z.boolean().default(false),
  /** What roll-outs may do there; channels with `rollout` have them. */
  rollout: consumerRolloutSchema.prefault({}),
});

export type Consumers = z.output<typeof consumersSchema>;
