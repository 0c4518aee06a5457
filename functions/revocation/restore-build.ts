import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { recordRestoration } from "../../adapters/revocation/restorations.ts";
import {
  type AskedWithdrawal,
  claimRestoration,
  findAsked,
  findRevocation,
  listWithdrawals,
  type Revocation,
  recordAsked,
  removeAsked,
  removeRevocation,
  type UnsharedAmi,
} from "../../adapters/revocation/revocations.ts";
import { imageOf } from "../../core/build/build-arn.ts";
import { entities } from "../../core/share/launch-permission.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { buildRestored } from "../../events/revocation.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { whileNotRetired } from "../retirement/claim.ts";
import { restoreFromRecycleBin, restoreRetired } from "../retirement/restore-retired.ts";
import { artifactOf } from "../share/artifact-of.ts";
import { reshareBuild } from "./reshare-build.ts";

const input = z.object({
  build: buildArn,
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(500),
  request: z.string().min(1).max(100),
  /** `reconcile` resumes this request; a request that is finished or replaced is ignored. */
  goesOn: z.boolean().default(false),
});

/**
 * Restores a revoked or retired build, from the Recycle Bin if it is there: enables its AMIs, shares them as before and
 * removes early deprecation. Channels do not move. The request of a revoked build stays in the ledger until the notice
 * is sent, so that `reconcile` resumes it after a crash.
 */
export const restoreBuild = (asked: z.output<typeof input>, invocation: Invocation): Promise<Restored | undefined> =>
  whileNotRetired(asked.build, invocation, () => restore(asked, invocation));

interface Restored {
  readonly image: string;
  readonly build: BuildArn;
  readonly shared: readonly Pick<UnsharedAmi, "region" | "amiId">[];
  readonly sharedWith: readonly string[];
}

async function restore(given: z.output<typeof input>, invocation: Invocation): Promise<Restored | undefined> {
  const { build, by, reason, request, goesOn } = given;
  const { ledger, settings } = invocation;
  const image = imageOf(settings.factory, build);
  if (!goesOn) await restoreFromRecycleBin(build, invocation);
  const before = await findAsked(ledger, build);
  if (goesOn && before?.request !== request) return undefined;
  if (!image) throw new NotRevoked(build);
  const revoked = await findRevocation(ledger, build);
  const asked = revoked ? await ask(given, { before, revoked }, invocation) : before;
  const saved = revoked && asked ? await giveAllBack(asked, revoked, invocation) : [];
  // Retirement may have unshared it before it was revoked.
  const unretired = await restoreRetired(build, invocation);
  // No longer revoked, but the notice is not sent yet: by this request, or by one that crashed before it.
  if (asked?.wants !== "restored" || !asked.revokedAt) {
    if (!unretired) throw new NotRevoked(build);
    await recordRestoration(ledger, build, { by, reason, at: invocation.now.toISOString() });
    await putEvent(invocation.bus, buildRestored, { image, build, by, reason, shared: unretired.shared });
    return { image, build, ...unretired };
  }
  const since = revoked ? saved : await listWithdrawals(ledger, build, { at: asked.revokedAt });
  const told = await publishRestored(image, asked, since, invocation);
  return { ...told, sharedWith: [...new Set([...told.sharedWith, ...(unretired?.sharedWith ?? [])])] };
}

interface Known {
  readonly before: AskedWithdrawal | undefined;
  readonly revoked: Revocation;
}

/** Records the request to restore a revoked build; `removeAsked` deletes the record. */
async function ask(
  { build, by, reason, request, goesOn }: z.output<typeof input>,
  { before, revoked }: Known,
  { ledger, now }: Invocation,
): Promise<AskedWithdrawal> {
  const since = goesOn && before ? before.since : now.toISOString();
  const takenUp = goesOn && (before?.takenUp ?? false);
  const asked = { build, by, reason, request, since, takenUp, wants: "restored" as const, revokedAt: revoked.at };
  await recordAsked(ledger, asked);
  return asked;
}

async function giveAllBack(
  asked: AskedWithdrawal,
  revoked: Revocation,
  invocation: Invocation,
): Promise<UnsharedAmi[]> {
  const { ledger } = invocation;
  const { build, request } = asked;
  if (!(await claimRestoration(ledger, build, request))) {
    await removeAsked(ledger, asked);
    throw new NotRevoked(build);
  }
  const saved = await listWithdrawals(ledger, build, revoked);
  const failed = await reshareBuild(build, saved, invocation);
  if (failed.length > 0) throw new RestoredInPart(build, failed);
  const { by, reason } = asked;
  const { by: revoker, reason: because, at } = revoked;
  // Written first: a crash in between leaves the build revoked, and the next try writes the same record again.
  await recordRestoration(ledger, build, {
    by,
    reason,
    at: invocation.now.toISOString(),
    revoked: { by: revoker, reason: because, at },
  });
  if (await removeRevocation(ledger, build, request)) return saved;
  const now = await findRevocation(ledger, build);
  // A concurrent restoration finishes by itself; a newer revocation may have run before this one enabled the AMIs.
  if (now && !now.restoring) {
    await Promise.all(saved.map((one) => artifactOf(one.region, one.amiId, invocation).disable()));
    await removeAsked(ledger, asked);
  }
  throw new NotRestored(build, now);
}

/**
 * Sends the notice before it deletes the request: after a crash in between, the notice is sent twice instead of never.
 */
async function publishRestored(
  image: string,
  asked: AskedWithdrawal,
  saved: readonly UnsharedAmi[],
  invocation: Invocation,
) {
  const { build, by, reason } = asked;
  const shared = saved.map(({ region, amiId }) => ({ region, amiId }));
  await putEvent(invocation.bus, buildRestored, { image, build, by, reason, shared });
  await removeAsked(invocation.ledger, asked);
  return { image, build, shared, sharedWith: [...new Set(saved.flatMap(({ permission }) => entities(permission)))] };
}

class NotRevoked extends Error {
  override readonly name = "NotRevoked";

  constructor(build: BuildArn) {
    super(
      `${build} is neither revoked nor retired, so nothing can be restored; \`amint channels <image>\` lists the builds.`,
    );
  }
}

/** `reconcile`, or another request, resumes it; until then the build counts as revoked. */
class RestoredInPart extends Error {
  override readonly name = "RestoredInPart";

  constructor(build: BuildArn, failed: readonly string[]) {
    super(
      `${build} still counts as revoked; the restore is retried within the hour. Not restored: ${failed.join("; ")}`,
    );
  }
}

class NotRestored extends Error {
  override readonly name = "NotRestored";

  constructor(build: BuildArn, now: Revocation | undefined) {
    const what = now?.restoring === "" ? "revoked again and is not shared" : "restored by another request";
    super(`While ${build} was being restored, it was ${what}; \`amint channels <image>\` shows it.`);
  }
}

export const handler = lambda({ input, run: restoreBuild });
