import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DescribeImagesCommand, DescribeSnapshotsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { Clock } from "embedded-aws";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { consumerRoleName } from "../../core/names.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { ClientOf } from "../../functions/invocation.ts";
import { cleanUp } from "../../functions/retirement/clean-up.ts";
import { markLeftovers } from "../../functions/retirement/mark-leftovers.ts";
import { FACTORY } from "../world/organization.ts";
import { lastingPromotions } from "../world/promotions.ts";
import { policyOf } from "../world/roles.ts";
import { DAY } from "../world/time.ts";
import { withDisk } from "../world/with-disk.ts";
import { openWorld } from "../world/world.ts";

export const CANARY = "200000000001";

/** A factory with a state machine for promotions, and the result of a day's clean-up after this many days. */
export async function openCleaning(factory: object = {}, clock?: Clock) {
  const world = await openWorld({ factory, ...(clock && { clock }) });
  const began = world.clock.now();
  const { promotionArn, promote } = await lastingPromotions(world);
  await letIn(world.client(IAMClient, { account: CANARY }));
  return {
    ...world,
    promote,
    there: (region: string) => ({
      ec2: world.client(EC2Client, { account: CANARY, region }),
      autoScaling: world.client(AutoScalingClient, { account: CANARY, region }),
    }),
    reject: (build: BuildArn) =>
      recordGate(world.ledger, build, { verdict: "rejected", reasons: [], decidedAt: new Date(began).toISOString() }),
    /**
     * The clean-up's actions on that day after the start, and the marks set after it.
     * @param client the clean-up's clients; default: the factory's @param marking the clients of the marking function
     */
    async onDay(day: number, client: ClientOf = world.step().client, marking = client) {
      const env = { PROMOTION_ARN: promotionArn };
      const stepOn = (of: ClientOf) => world.step({ now: new Date(began + day * DAY), env, client: of });
      try {
        return await cleanUp(stepOn(client));
      } finally {
        await markLeftovers(stepOn(marking));
      }
    },
    async amisIn(region: string) {
      const asked = new DescribeImagesCommand({ Owners: ["self"], IncludeDisabled: true });
      const { Images = [] } = await world.client(EC2Client, { region }).send(asked);
      return Images.map(({ ImageId = "", Tags = [] }) => ({
        id: ImageId,
        tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      }));
    },
    async snapshotsIn(region: string) {
      const asked = new DescribeSnapshotsCommand({ OwnerIds: ["self"] });
      const { Snapshots = [] } = await world.client(EC2Client, { region }).send(asked);
      return Snapshots.map(({ SnapshotId = "" }) => SnapshotId);
    },
    /** A build whose AMIs have a snapshot each. */
    addBuildWithSnapshots: (nth: number) => world.addBuild(nth, withDisk(world, `build-${nth}`)),
  };
}

/** The role by which the factory works in the canaries' account; other tests cover its permissions. */
async function letIn(client: IAMClient): Promise<void> {
  const RoleName = consumerRoleName("sharing");
  const trust = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${FACTORY}:root` }, Action: "sts:AssumeRole" };
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyOf(trust) }));
  const PolicyDocument = policyOf({ Effect: "Allow", Action: "*", Resource: "*" });
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: "all", PolicyDocument }));
}
