import { EC2Client } from "@aws-sdk/client-ec2";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { readAncestors } from "../../adapters/revocation/ancestry.ts";
import { findAsked, recordAsked, recordDescendantsAsked, removeAsked } from "../../adapters/revocation/revocations.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import { findDescendants } from "../../core/revocation/plan-revoke.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { type AskedRevocation, type RevokedBuild, revokeOne } from "./revoke-one.ts";

const input = z.object({
  build: buildArn,
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(500),
  /** Also the builds that descend from it. */
  descendants: z.boolean().default(false),
  /** The revoked ancestor, when this build is revoked as its descendant. */
  because: buildArn.optional(),
  /** The request that `reconcile` resumes; a request that is finished or replaced is ignored. */
  goesOn: z.string().min(1).optional(),
});

/** Revokes a build and, with `descendants`, all builds that descend from it; otherwise lists those as `spared`. */
export async function revoke(asked: z.output<typeof input>, invocation: Invocation) {
  const { goesOn, descendants, build, ...why } = asked;
  const request = goesOn ?? invocation.requestId;
  if (goesOn && (await findAsked(invocation.ledger, build))?.request !== goesOn) return { revoked: [], spared: [] };
  const root: Kept = { ...why, build, request, since: invocation.now.toISOString(), wants: "revoked", descendants };
  if (!goesOn) await recordAsked(invocation.ledger, root);
  const revoked = [await carryOut(root, invocation)];
  const children = await findChildren(build, invocation);
  if (!descendants) return { revoked, spared: children };
  // One at a time: a child that is restored later must not be revoked again because its parent was unfinished.
  const kept = children.map((child): Kept => ({ ...root, build: child, because: build, descendants: false }));
  for (const child of kept) await recordAsked(invocation.ledger, child);
  await recordDescendantsAsked(invocation.ledger, root);
  await settle({ ...root, descendants: false }, revoked[0], invocation);
  for (const child of kept) revoked.push(await carryOut(child, invocation));
  return { revoked, spared: [] };
}

export const handler = lambda({ input, run: revoke });

type Kept = Parameters<typeof recordAsked>[1];

/** From the ledger and EC2: a build whose start was recorded late is found by its AMI's ancestry only. */
async function findChildren(build: BuildArn, { ledger, settings, client }: Invocation): Promise<BuildArn[]> {
  const { images, buildRegion } = settings.factory;
  const states = await readImageStates(ledger, Object.keys(images), ["builds"]);
  const builds = [...states.values()].flatMap((state) => state.builds);
  const since = builds.find((one) => one.build === build)?.startedAt ?? "";
  const ec2 = client(EC2Client, buildRegion);
  const traced = await Promise.all(
    builds.map(async (one) => {
      const parent = images[one.image]?.parent;
      const mayDescend = parent && "image" in parent && one.status === "available" && one.startedAt > since;
      return {
        ...one,
        ancestors: mayDescend && one.amiId && isAmiId(one.amiId) ? await readAncestors(ec2, one.amiId) : [],
      };
    }),
  );
  return findDescendants(traced, build).flatMap((child) => (child.status === "available" ? [child.build] : []));
}

/** Errors after which nothing is left to resume. */
const FINAL = ["NothingToRevoke", "RestoredMeanwhile"];

async function carryOut(kept: Kept, invocation: Invocation): Promise<RevokedBuild> {
  const { build, by, reason, because }: AskedRevocation = kept;
  try {
    const done = await revokeOne({ build, by, reason, because }, invocation);
    await settle(kept, done, invocation);
    return done;
  } catch (error) {
    if (error instanceof Error && FINAL.includes(error.name)) await removeAsked(invocation.ledger, kept);
    throw error;
  }
}

/** When something is left, the request stays for `reconcile`. */
async function settle(kept: Kept, done: RevokedBuild | undefined, { ledger }: Invocation): Promise<void> {
  if (!kept.descendants && done?.left.length === 0) await removeAsked(ledger, kept);
}
