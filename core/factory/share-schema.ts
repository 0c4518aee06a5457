import * as z from "zod";
import { consumerSubnetsSchema } from "./network-schema.ts";
import { consumerRolloutSchema } from "./rollout-schema.ts";
import { accountId, anyTags, organizationalUnitId } from "./values.ts";

const exceptSchema = z.strictObject({
  /**
   * OUs whose accounts get nothing, including accounts in their child OUs.
   * @example ["ou-exam-sandbox1"]
   */
  organizationalUnits: z.array(organizationalUnitId).default([]),
  /**
   * Accounts that get nothing.
   * @example ["111122223333"]
   */
  accounts: z.array(accountId).default([]),
});

/**
 * Who may launch what a channel points at: the union of all recipients, minus the exceptions. EC2 follows accounts that join
 * and leave the organization and OUs; with exceptions or tags, Amint follows them.
 */
export const shareSchema = z
  .strictObject({
    /**
     * Share with every account of the organization.
     * @example true
     */
    organization: z.literal(true).optional(),
    /**
     * Share with the accounts of these OUs and of their child OUs.
     * @example ["ou-exam-workload"]
     */
    organizationalUnits: z.array(organizationalUnitId).default([]),
    /**
     * Share with these accounts.
     * @example ["111122223333"]
     */
    accounts: z.array(accountId).default([]),
    /**
     * Share with the organization's accounts that have all of these tags. Not available for container images.
     * @example { environment: "production" }
     */
    accountTags: anyTags
      .refine((tags) => Object.keys(tags).length > 0, {
        error: 'at least one tag such as { environment: "production" }',
      })
      .optional(),
    /**
     * Accounts and OUs that are excluded although a recipient above includes them. Not available for container images.
     * @example { organizationalUnits: ["ou-exam-sandbox1"] }
     */
    except: exceptSchema.optional(),
  })
  .refine(
    ({ organization, organizationalUnits, accounts, accountTags }) =>
      organization || accountTags || organizationalUnits.length + accounts.length > 0,
    { error: "at least one of organization: true, organizationalUnits, accounts, accountTags" },
  );

export type Share = z.output<typeof shareSchema>;

const instanceType = z
  .string()
  .regex(/^[a-z0-9-]+\.[a-z0-9]+$/, { error: 'an instance type such as "t3.micro"' })
  .meta({ title: "instance type" });

const canarySchema = z.strictObject({
  /**
   * The consumer account in which canaries are launched.
   * @example "200000000001"
   */
  account: accountId,
  /**
   * Instance types of canaries, by architecture.
   * @example { x86_64: "t3.small" }
   */
  instanceTypes: z
    .strictObject({
      /**
       * For images of `architecture: "x86_64"`.
       * @example "t3.small"
       */
      x86_64: instanceType.default("t3.micro"),
      /**
       * For images of `architecture: "arm64"`.
       * @example "t4g.small"
       */
      arm64: instanceType.default("t4g.micro"),
    })
    .prefault({}),
  /**
   * Also launch through an Auto Scaling group, whose service-linked role uses the KMS keys by its own grant.
   * @example false
   */
  autoScaling: z.boolean().default(true),
});

/**
 * Consumer accounts: a role that a service-managed StackSet creates there, and what Amint does with it. Without it, an AMI
 * counts as shared once its launch permission was read back.
 */
export const consumersSchema = z.strictObject({
  /**
   * OUs whose accounts get the consumer role, including their child OUs.
   * @defaultValue every account below `organization.rootId`
   * @example ["ou-exam-workload"]
   */
  organizationalUnits: z.array(organizationalUnitId).min(1).optional(),
  /**
   * Accounts in which launches are verified by dry run before a channel moves, if the channel is shared with them. Name one
   * account per OU.
   * @example ["200000000001"]
   */
  verify: z.array(accountId).min(1),
  /**
   * An account in which Amint launches a real instance, once in every region, before a channel moves.
   * @example { account: "200000000001" }
   */
  canary: canarySchema.optional(),
  /**
   * Subnets for launches in consumer accounts, by account ID, or `"*"` for all other accounts: by tag, or one per region. An
   * account without an entry uses its default VPC.
   * @example { "*": { tag: { Name: "private-a" } } }
   */
  subnets: consumerSubnetsSchema.default({}),
  /**
   * Copy each channel's parameter into every account that the channel reaches. CloudFormation's `{{resolve:ssm}}` and
   * roll-outs need the copy, because they read parameters of their own account only.
   * @example true
   */
  mirror: z.boolean().default(false),
  /**
   * What roll-outs may do in consumer accounts besides refreshing groups that opted in.
   * @example { templateVersions: ["500000000001"] }
   */
  rollout: consumerRolloutSchema.prefault({}),
});

export type Consumers = z.output<typeof consumersSchema>;
