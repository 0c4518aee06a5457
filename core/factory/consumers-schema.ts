import * as z from "zod";
import { regionSchema } from "./region-schema.ts";
import { accountId, organizationalUnitId } from "./share-schema.ts";

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
  /** By region, a subnet to launch in; left out, one of the default VPC's. */
  subnets: z
    .record(
      regionSchema,
      z.string().regex(/^subnet-[0-9a-f]{8,17}$/, { error: 'a subnet id such as "subnet-0a1b2c3d"' }),
    )
    .default({}),
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
   * A copy of each channel's parameter in every account that it reaches: CloudFormation's `{{resolve:ssm}}` reads its
   * own account only.
   */
  mirror: z.boolean().default(false),
});
export type Consumers = z.output<typeof consumersSchema>;
