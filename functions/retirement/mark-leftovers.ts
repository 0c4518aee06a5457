import { EC2Client } from "@aws-sdk/client-ec2";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import * as z from "zod";
import { tagImageResource } from "../../adapters/retirement/image-builder-leftovers.ts";
import { tagResources, untagResources } from "../../adapters/share/amis.ts";
import { marks } from "../../core/retirement/plan-clean-up.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { readImageResources } from "./clean-image-builder.ts";
import { isMarking, type MarkingAct, planRegion } from "./plan-region.ts";
import { type BuildOrigin, readOrigins } from "./read-origins.ts";

/**
 * Tags what a later run of `clean-up` removes, and untags what is in use again; a failure in one region does not stop
 * the others.
 */
export async function markLeftovers(invocation: Invocation<"PROMOTION_ARN">): Promise<{ marked: number }> {
  const origins = await readOrigins(invocation);
  const inRegions = invocation.settings.factory.regions.map((region) => [
    `AMIs in ${region}`,
    () => markRegion(region, origins, invocation),
  ]);
  const marked = await inTurn({
    ...Object.fromEntries(inRegions),
    "image resources": () => markImageResources(origins, invocation),
  });
  return { marked };
}

async function markRegion(region: string, origins: readonly BuildOrigin[], invocation: Invocation): Promise<number> {
  const due = (await planRegion(region, origins, invocation)).filter(isMarking);
  return inTurn(Object.fromEntries(due.map((act) => [`${act.kind} ${act.ami.amiId}`, () => mark(act, invocation)])));
}

async function mark(act: MarkingAct, { client }: Invocation): Promise<number> {
  const { region, amiId, snapshots } = act.ami;
  const ec2 = client(EC2Client, region);
  const resources = [amiId, ...snapshots];
  if (act.kind === "mark") await tagResources(ec2, resources, act.tags);
  else await untagResources(ec2, resources, Object.values(marks));
  return 1;
}

/** The role of `clean-up` is limited to tagged resources: tagging long before they are due keeps it from waiting. */
async function markImageResources(
  origins: readonly BuildOrigin[],
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const { name: factory } = invocation.settings.factory;
  const due = (await readImageResources(origins, invocation))({ early: true });
  const acts = due.map(({ resource }) => [
    resource,
    async () => ((await tagImageResource(invocation.client(ImagebuilderClient), resource, { factory })) ? 1 : 0),
  ]);
  return inTurn(Object.fromEntries(acts));
}

export const handler = lambda({
  input: z.object({ scheduledTime: z.iso.datetime() }),
  env: ["PROMOTION_ARN"],
  run: (_event, invocation) => markLeftovers(invocation),
});
