import { type ReadResults, readBatch } from "../../adapters/ledger/reads.ts";
import { recordAddition, replaceShare, shareOf } from "../../adapters/promotion/promotion.ts";
import { retiredOf } from "../../adapters/revocation/revocations.ts";
import { requireChannel } from "../../core/factory/require-image.ts";
import { MOST_ENTITIES, tooMany } from "../../core/share/check-share.ts";
import { entities, type LaunchPermission, missingFrom, union } from "../../core/share/launch-permission.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { Invocation } from "../invocation.ts";
import { stopping, toStop } from "../promotion/find-stop.ts";
import { proveArtifact } from "./artifact-of.ts";
import { factsOf } from "./prove-artifact.ts";
import { readPermission } from "./read-permission.ts";

interface SharedIn extends ChannelOf {
  readonly build: BuildArn;
  readonly region: string;
}

/** What the ledger says before a share: an earlier one, and what proves the artifact. */
export const beforeShare = ({ build, channel, region }: SharedIn) =>
  [shareOf(build, channel, region), ...factsOf(build, region)] as const;

interface Shared extends SharedIn {
  readonly artifact: ArtifactId;
  /** Default: it is read. */
  readonly known?: ReadResults<ReturnType<typeof beforeShare>>;
}

/**
 * Grants a channel's consumers launch permission for an AMI, marks it as the channel's, and reads the permissions back.
 * Additions are recorded first, so that they can be undone. If nothing changes, two calls beside the proof.
 * @returns organizations, OUs and accounts that may launch it
 * @throws NotProven; ShareNotVerified; PromotionUndone, BuildRevoked, BuildRetired: the share ran at the same moment,
 * and is undone
 */
export async function shareWithChannel(what: Shared, invocation: Invocation): Promise<string[]> {
  const { ledger, settings } = invocation;
  const { image, build, channel, region, artifact } = what;
  const [before, ...facts] = what.known ?? (await readBatch(ledger, beforeShare(what)));
  const handle = await proveArtifact({ build, region, artifact, facts }, invocation);
  const wanted = await readPermission(requireChannel(settings.factory, image, channel).share, { ledger, settings });
  const present = await handle.readPermission();
  const missing = missingFrom(present, wanted);
  requireRoom(what, union(present, wanted));
  const addition = { channel, region, amiId: artifact, added: missing, verified: false };
  const recorded = await recordAddition(ledger, build, addition, before);
  await handle.addPermission(missing);
  await handle.mark(build, channel);
  // After the share: a concurrent revocation is either seen here or sees the share.
  const [revoked, undone, retired] = await readBatch(ledger, [...stopping(build), retiredOf(build)]);
  const refusal = toStop(build, revoked, undone)?.refusal ?? retired;
  if (refusal) {
    await handle.removePermission(recorded.added);
    await handle.unmark(build, channel);
    throw refusal;
  }
  if (entities(missing).length > 0) {
    const absent = entities(missingFrom(await handle.readPermission(), wanted));
    if (absent.length > 0) throw new ShareNotVerified(artifact, region, absent);
  }
  await replaceShare(ledger, build, recorded, { ...recorded, verified: true });
  return entities(wanted);
}

/** EC2 would reject the call; this check comes before any record and gives the numbers. */
function requireRoom({ artifact, region }: Shared, all: LaunchPermission): void {
  const count = entities(all).length;
  if (count > MOST_ENTITIES) throw new TooManyEntities(artifact, region, tooMany(count, all.accountIds.length));
}

class TooManyEntities extends Error {
  override readonly name = "TooManyEntities";

  constructor(artifact: string, region: string, why: string) {
    super(`${artifact} in ${region} is not shared: ${why}.`);
  }
}

/** EC2 accepted the launch permissions and does not list them. The state machine retries, then gives up. */
export class ShareNotVerified extends Error {
  override readonly name = "ShareNotVerified";

  constructor(artifact: string, region: string, absent: readonly string[]) {
    super(
      `${artifact} in ${region} is not shared with ${absent.join(", ")} although EC2 accepted it; a retry looks again.`,
    );
  }
}
