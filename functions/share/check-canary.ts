import * as z from "zod";
import { readCanary } from "../../adapters/share/canary.ts";
import { recordVerification } from "../../adapters/share/verifications.ts";
import { judgeCanary, type Sighting } from "../../core/share/canary.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { canaryInput, enterCanary, findMissing } from "./in-canary.ts";

const input = canaryInput.extend({
  /** How long the canary has been observed, and whether this is the last check. */
  minutes: z.number(),
  last: z.boolean(),
});

/** Checks that a canary runs by every launch method; only then the AMI counts as launchable. */
export async function checkCanary(asked: z.output<typeof input>, invocation: Invocation) {
  const { build, channel, region, amiId, canary, minutes, last } = asked;
  const { name, account, autoScaling } = canary;
  const clients = await enterCanary(canary.account, region, invocation);
  let sighting: Sighting = { instance: undefined };
  const hidden = await findMissing(asked, "ec2:DescribeInstances", invocation, async () => {
    sighting = await readCanary(clients, { name, group: autoScaling });
  });
  if (hidden) return { verdict: "refused" as const, missing: hidden };
  const trial = { account, region, action: "ec2:RunInstances", on: amiId, factory: invocation.settings.factory.name };
  const verdict = judgeCanary(sighting, trial, { last, minutes });
  if (verdict.kind === "refused") return { verdict: verdict.kind, missing: verdict.missing };
  if (verdict.kind === "pending") return { verdict: verdict.kind };
  const at = invocation.now.toISOString();
  await recordVerification(invocation.ledger, build, { channel, region, account, amiId, proof: "launched", at });
  return { verdict: verdict.kind };
}

export const handler = lambda({ input, run: checkCanary });
