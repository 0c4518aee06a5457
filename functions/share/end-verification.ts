import { putEvent } from "../../adapters/bus.ts";
import { findVerifications, recordVerified } from "../../adapters/share/verifications.ts";
import { type Missing, sayMissing } from "../../core/share/explain-refusal.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { type Proof, shareFailed, shareVerified } from "../../events/share.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { Invocation } from "../invocation.ts";

interface Shared extends ChannelOf {
  readonly build: BuildArn;
  readonly region: string;
  readonly amiId: ArtifactId;
}

export interface Refused {
  readonly account: string;
  readonly proof: Proof | "readable";
  readonly missing: Missing;
}

type Ending = Pick<Invocation, "ledger" | "bus" | "now">;

/**
 * All consumers passed: records it, so that the channel may move, and publishes how far each was verified.
 * @param known the accounts' verifications, if they were just recorded
 */
export async function settleShare(
  { amiId, ...at }: Shared,
  { ledger, bus, now }: Ending,
  known?: Awaited<ReturnType<typeof findVerifications>>,
): Promise<void> {
  await recordVerified(ledger, at, amiId, now);
  const accounts = known ?? (await findVerifications(ledger, at));
  if (accounts.length > 0) await putEvent(bus, shareVerified, { ...at, amiId, accounts });
}

/**
 * Reports each account that cannot launch, and ends the region's share.
 * @throws NotLaunchable, always
 */
export async function refuseShare(
  at: Shared,
  refused: readonly Refused[],
  { bus }: Pick<Ending, "bus">,
): Promise<never> {
  for (const { account, proof, missing } of refused) {
    await putEvent(bus, shareFailed, { ...at, account, proof, missing: missing.piece, fix: missing.fix });
  }
  throw new NotLaunchable(at.region, refused);
}

const sayAll = (region: string, refused: readonly Refused[]): string =>
  refused.map(({ account, missing }) => sayMissing({ account, region }, missing)).join("\n");

/** A later try may pass: AWS's changes are eventually consistent. */
export class NotLaunchableYet extends Error {
  override readonly name = "NotLaunchableYet";

  constructor(region: string, refused: readonly Refused[]) {
    super(sayAll(region, refused));
  }
}

/** Consumers cannot launch what is shared with them. */
class NotLaunchable extends Error {
  override readonly name = "NotLaunchable";

  constructor(region: string, refused: readonly Refused[]) {
    super(sayAll(region, refused));
  }
}
