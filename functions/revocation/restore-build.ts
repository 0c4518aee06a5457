import * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { isUndone } from "../../adapters/promotion/promotion.ts";
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
  type Withdrawal,
} from "../../adapters/revocation/revocations.ts";
import { imageOf } from "../../core/build/build-arn.ts";
import { entities, nobody } from "../../core/share/launch-permission.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { buildRestored } from "../../events/revocation.ts";
import { lambda } from "../lambda.ts";
import { bringBack, restoreRetired } from "../retirement/bring-back.ts";
import { whileNotRetired } from "../retirement/claim.ts";
import { artifactOf } from "../share/artifact-of.ts";
import type { Step } from "../step.ts";
import { giveBack } from "./give-back.ts";

const input = z.object({
  build: buildArn,
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(500),
  request: z.string().min(1).max(100),
  /** `reconcile` goes on with this very request; one that is done, or overtaken by another, is left alone. */
  goesOn: z.boolean().default(false),
});

/**
 * Puts a revoked or retired build back, from the Recycle Bin where it is in that: its AMIs are enabled and shared as they
 * were, and are not deprecated before their time. Channels stay where they are. What is revoked is written down until
 * people have been told: whoever dies over it is made up for.
 */
export const restoreBuild = (asked: z.output<typeof input>, step: Step): Promise<Restored | undefined> =>
  whileNotRetired(asked.build, step, () => restore(asked, step));

interface Restored {
  readonly image: string;
  readonly build: BuildArn;
  readonly shared: readonly Pick<Withdrawal, "region" | "amiId">[];
  readonly sharedWith: readonly string[];
}

async function restore(given: z.output<typeof input>, step: Step): Promise<Restored | undefined> {
  const { build, by, reason, request, goesOn } = given;
  const { ledger, settings } = step;
  const image = imageOf(settings.factory, build);
  if (!goesOn) await bringBack(build, step);
  const before = await findAsked(ledger, build);
  if (goesOn && before?.request !== request) return undefined;
  if (!image) throw new NotRevoked(build);
  const revoked = await findRevocation(ledger, build);
  const asked = revoked ? await ask(given, { before, revoked }, step) : before;
  const saved = revoked && asked ? await giveAllBack(asked, revoked, step) : [];
  // Retirement may have taken it from people before somebody revoked it.
  const unretired = await restoreRetired(build, step);
  // Revoked no more, and people were not told: by this one, or by one that died before it did.
  if (asked?.wants !== "restored" || !asked.revokedAt) {
    if (!unretired) throw new NotRevoked(build);
    await putEvent(step.bus, buildRestored, { image, build, by, reason, shared: unretired.shared });
    return { image, build, ...unretired };
  }
  const since = revoked ? saved : await listWithdrawals(ledger, build, { at: asked.revokedAt });
  const told = await tellRestored(image, asked, since, step);
  return { ...told, sharedWith: [...new Set([...told.sharedWith, ...(unretired?.sharedWith ?? [])])] };
}

interface Known {
  readonly before: AskedWithdrawal | undefined;
  readonly revoked: Revocation;
}

/** Writes down that a revoked build is to be restored, until it is. */
async function ask(
  { build, by, reason, request, goesOn }: z.output<typeof input>,
  { before, revoked }: Known,
  { ledger, now }: Step,
): Promise<AskedWithdrawal> {
  const since = goesOn && before ? before.since : now.toISOString();
  const takenUp = goesOn && (before?.takenUp ?? false);
  const asked = { build, by, reason, request, since, takenUp, wants: "restored" as const, revokedAt: revoked.at };
  await recordAsked(ledger, asked);
  return asked;
}

async function giveAllBack(asked: AskedWithdrawal, revoked: Revocation, step: Step): Promise<Withdrawal[]> {
  const { ledger } = step;
  const { build, request } = asked;
  if (!(await claimRestoration(ledger, build, request))) {
    await removeAsked(ledger, asked);
    throw new NotRevoked(build);
  }
  const saved = await listWithdrawals(ledger, build, revoked);
  // Revoked while its promotion was being undone: what was shared then is nobody's any more.
  const undone = await isUndone(ledger, build);
  const given = undone ? saved.map((one) => ({ ...one, permission: nobody, marks: [] })) : saved;
  const failed = await giveBack(build, given, step);
  if (failed.length > 0) throw new RestoredInPart(build, failed);
  if (await removeRevocation(ledger, build, request)) return saved;
  const now = await findRevocation(ledger, build);
  // Whoever else is restoring it ends it; whoever revoked it anew may have been overtaken by this.
  if (now && !now.restoring) {
    await Promise.all(saved.map((one) => artifactOf(one.region, one.amiId, step).disable()));
    await removeAsked(ledger, asked);
  }
  throw new NotRestored(build, now);
}

/** Said first and forgotten then: a crash in between says it again rather than never. */
async function tellRestored(image: string, asked: AskedWithdrawal, saved: readonly Withdrawal[], step: Step) {
  const { build, by, reason } = asked;
  const shared = saved.map(({ region, amiId }) => ({ region, amiId }));
  await putEvent(step.bus, buildRestored, { image, build, by, reason, shared });
  await removeAsked(step.ledger, asked);
  return { image, build, shared, sharedWith: [...new Set(saved.flatMap(({ permission }) => entities(permission)))] };
}

class NotRevoked extends Error {
  override readonly name = "NotRevoked";

  constructor(build: BuildArn) {
    super(
      `${build} is neither revoked nor retired, so there is nothing to restore; \`amint channels <image>\` shows where builds are.`,
    );
  }
}

/** `reconcile` goes on with it, or whoever asks again; until it ends the build counts as revoked. */
class RestoredInPart extends Error {
  override readonly name = "RestoredInPart";

  constructor(build: BuildArn, failed: readonly string[]) {
    super(
      `${build} still counts as revoked, and is tried again within the hour. What could not be put back: ${failed.join("; ")}`,
    );
  }
}

class NotRestored extends Error {
  override readonly name = "NotRestored";

  constructor(build: BuildArn, now: Revocation | undefined) {
    const what = now?.restoring === "" ? "revoked anew; nobody has it" : "restored by somebody else";
    super(`While ${build} was being restored, it was ${what}.`);
  }
}

export const handler = lambda({
  input,
  run: restoreBuild,
});
