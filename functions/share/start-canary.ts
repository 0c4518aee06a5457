import { requirePromotable } from "../../adapters/revocation/revocations.ts";
import { launchCanary, scaleCanary } from "../../adapters/share/canary.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { factoryTags } from "../../core/factory/factory-tags.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { type CanaryInput, canaryInput, enterCanary, findMissing } from "./in-canary.ts";

/**
 * Launches a shared AMI as a consumer: by a launch template, and by Auto Scaling, which uses keys through its own role
 * and grant. Does not wait for the instances.
 * @returns what is missing, where AWS denies a call
 */
export async function startCanary(asked: CanaryInput, invocation: Invocation) {
  const { canary, image, build, region, amiId } = asked;
  await requirePromotable(invocation.ledger, build);
  const { name, instanceType, autoScaling, expires } = canary;
  const clients = await enterCanary(canary.account, region, invocation);
  const tags = {
    ...factoryTags(invocation.settings.factory),
    "amint:image": image,
    "amint:build": buildVersion(build),
    "amint:expires": expires,
  };
  let subnet: string | undefined;
  const launched = await findMissing(asked, "ec2:RunInstances", invocation, async () => {
    const place = canary.subnet ? { subnet: canary.subnet } : {};
    subnet = await launchCanary(clients, { name, ami: amiId, instanceType, ...place, tags });
  });
  if (launched) return { verdict: "refused" as const, missing: launched };
  const where = subnet;
  if (!autoScaling || !where) return { verdict: "pending" as const };
  const scaled = await findMissing(asked, "autoscaling:CreateAutoScalingGroup", invocation, () =>
    scaleCanary(clients, name, where),
  );
  return scaled ? { verdict: "refused" as const, missing: scaled } : { verdict: "pending" as const };
}

export const handler = lambda({ input: canaryInput, run: startCanary });
