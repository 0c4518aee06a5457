import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { findAmi, listAmis } from "../../adapters/advisories/owner-amis.ts";
import { type ParentAmi, parentAmiOf, recordParentAmi } from "../../adapters/advisories/parent-amis.ts";
import { putEvent } from "../../adapters/bus.ts";
import { publishArtifact, readWritten } from "../../adapters/channel/parameters.ts";
import { read } from "../../adapters/ledger/reads.ts";
import {
  type AmiParent,
  amiParents,
  decideNewest,
  type FoundAmi,
  patternOf,
  takenByDeployment,
  type WantedAmi,
} from "../../core/advisories/newest-ami.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import { parentUnresolved } from "../../events/advisories.ts";
import { forEachImage } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";

const input = z.strictObject({ scheduledTime: z.iso.datetime().optional() });

/** Sets the parameters of parents by owner and name to their owners' newest AMIs. */
export async function resolveParents(_: z.output<typeof input>, invocation: Invocation) {
  const lists = new Map<string, Promise<FoundAmi[]>>();
  const list = (wanted: WantedAmi) => {
    const listing = lists.get(patternOf(wanted)) ?? listAmis(invocation.client(EC2Client), wanted);
    lists.set(patternOf(wanted), listing);
    return listing;
  };
  const moved = await forEachImage(amiParents(invocation.settings.factory), async (parent) =>
    resolve(parent, await list(parent.wanted), invocation),
  );
  return { moved };
}

/** @returns whether the parameter changed */
async function resolve(parent: AmiParent, found: readonly FoundAmi[], invocation: Invocation): Promise<boolean> {
  const { image, parameter, wanted } = parent;
  const { ledger, settings, now, log } = invocation;
  const ssm = invocation.client(SSMClient);
  const { account } = settings.place;
  const [known, present] = await Promise.all([read(ledger, parentAmiOf(image)), readWritten(ssm, parameter)]);
  const value = present?.value;
  const findTaken = async () =>
    present && takenByDeployment(wanted, present, await findAmi(invocation.client(EC2Client), present.value), account);
  const resolved = known?.resolved ?? (await findTaken());
  const decision = decideNewest(wanted, found, resolved, { account, now });
  if (decision.kind === "unresolved") {
    await reportUnresolved(parent, decision, { known, value }, invocation);
    return false;
  }
  const { id, name, createdAt } = decision.ami;
  const isNew = value !== id;
  // Proof: EC2 lists it as the owner's.
  if (isNew) await publishArtifact(ssm, parameter, id as FoundAmi["id"] & Proven<FoundAmi["id"]>, "Standard");
  const pattern = patternOf(wanted);
  if (known?.unresolved || known?.resolved?.ami !== id || known.resolved.pattern !== pattern) {
    await recordParentAmi(ledger, image, { resolved: { pattern, ami: id, name, createdAt: createdAt.toISOString() } });
  }
  if (isNew) log.info("parent resolved to another AMI", { image, parameter, from: value, to: id, name });
  return isNew;
}

/** Reported once while it lasts; the parameter keeps its value. */
async function reportUnresolved(
  { image, parameter, wanted }: AmiParent,
  { code, reason }: { readonly code: "none" | "withdrawn"; readonly reason: string },
  { known, value }: { readonly known: ParentAmi | undefined; readonly value: string | undefined },
  { ledger, bus, now, log }: Invocation,
): Promise<void> {
  const pattern = patternOf(wanted);
  log.warn("parent not resolved", { image, parameter, code, reason });
  if (known?.unresolved?.code === code && known.unresolved.pattern === pattern) return;
  const { owner, name } = wanted;
  const present = value === undefined ? {} : { present: value };
  await putEvent(bus, parentUnresolved, { image, parameter, ...present, owner, name, code, reason });
  await recordParentAmi(ledger, image, {
    ...(known?.resolved && { resolved: known.resolved }),
    unresolved: { pattern, code, since: now.toISOString() },
  });
}

export const handler = lambda({ input, run: resolveParents });
