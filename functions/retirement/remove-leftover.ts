import { EC2Client } from "@aws-sdk/client-ec2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { listPromoting } from "../../adapters/promotion/executions.ts";
import { recordGone, recordRemoval } from "../../adapters/retirement/leftovers.ts";
import { removeAmi, removeSnapshot, unprotectAmi } from "../../adapters/retirement/leftovers-in-region.ts";
import { readLaunchPermission } from "../../adapters/share/amis.ts";
import type { CleanUpAct, FoundAmi, Origin } from "../../core/retirement/plan-clean-up.ts";
import { entities } from "../../core/share/launch-permission.ts";
import type { RemovedThing } from "../../events/retirement.ts";
import type { Invocation } from "../invocation.ts";
import type { MarkingAct } from "./plan-region.ts";

/** @returns how many things it removed */
export async function carryOutCleanUp(
  planned: Exclude<CleanUpAct, MarkingAct>,
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const { client } = invocation;
  switch (planned.kind) {
    case "unprotect": {
      const { ami } = planned;
      if (!(await isShared(ami, invocation))) await unprotectAmi(client(EC2Client, ami.region), ami.amiId);
      return 0;
    }
    case "remove-ami":
      return removeOne(planned, invocation);
    case "remove-snapshot": {
      const { snapshot, why } = planned;
      if (!(await removeSnapshot(client(EC2Client, snapshot.region), snapshot.snapshotId))) return 0;
      await removed({ kind: "snapshot", id: snapshot.snapshotId, region: snapshot.region, why }, invocation);
      return 1;
    }
  }
}

async function removeOne(
  { ami, origin, why }: Extract<CleanUpAct, { kind: "remove-ami" }>,
  invocation: Invocation<"PROMOTION_ARN">,
) {
  if (await isShared(ami, invocation)) return 0;
  if (origin && !(await giveUp(origin, why, invocation))) return 0;
  if (!(await removeAmi(invocation.client(EC2Client, ami.region), ami.amiId))) return 0;
  const about = origin && { image: origin.image, build: origin.build };
  await removed({ kind: "ami", id: ami.amiId, region: ami.region, ...about, why }, invocation);
  return 1;
}

/** Checked in EC2 as well as in the ledger: it may have been shared by hand. */
async function isShared({ amiId, region }: FoundAmi, { client, log }: Invocation): Promise<boolean> {
  const shared = entities(await readLaunchPermission(client(EC2Client, region), amiId));
  if (shared.length > 0) log.warn("leftover kept: it is shared", { amiId, region, shared });
  return shared.length > 0;
}

/** Blocks later promotions; finds one that has just started. @returns false where a promotion runs */
async function giveUp({ build }: Origin, why: string, { ledger, client, settings, now }: Invocation<"PROMOTION_ARN">) {
  await recordGone(ledger, build, why, now);
  return !(await listPromoting(client(SFNClient), settings.env.PROMOTION_ARN)).has(build);
}

const removed = (thing: RemovedThing, { ledger, now }: Invocation): Promise<boolean> =>
  recordRemoval(ledger, thing, now);
