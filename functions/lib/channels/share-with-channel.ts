import { addLaunchPermission, readLaunchPermission, removeLaunchPermission } from "../../../adapters/amis.ts";
import { findShare, recordShare } from "../../../adapters/ledger/promotion.ts";
import { findRetired } from "../../../adapters/ledger/revocations.ts";
import { entities, type LaunchPermission, missingFrom, union } from "../../../core/launch-permission.ts";
import { requireChannel } from "../../../core/require-image.ts";
import { MOST_ENTITIES, tooMany } from "../../../core/share/check-share.ts";
import type { AmiId, BuildArn } from "../../../events/ids.ts";
import { markFor, unmarkFor } from "../share/marks.ts";
import { readPermission } from "../share/read-permission.ts";
import type { AmiStep, ChannelOf } from "./channel-step.ts";
import { findStop } from "./find-stop.ts";

interface Shared extends ChannelOf {
  readonly build: BuildArn;
  readonly region: string;
  readonly amiId: AmiId;
}

/**
 * Gives a channel's consumers launch permission for an AMI, marks it as the channel's, and reads back that they have it.
 * What is added is written down first, so that it can be taken back. One that has all of it already costs two calls.
 * @returns organizations, units and accounts that may launch it
 * @throws ShareNotVerified; PromotionUndone, BuildRevoked, BuildRetired: the share was on its way meanwhile, and is taken back
 */
export async function shareWithChannel(what: Shared, step: AmiStep): Promise<string[]> {
  const { ledger, settings, clients } = step;
  const { image, build, channel, region, amiId } = what;
  const ec2 = clients.ec2(region);
  const wanted = await readPermission(requireChannel(settings.factory, image, channel).share, { ledger, settings });
  const present = await readLaunchPermission(ec2, amiId);
  const missing = missingFrom(present, wanted);
  requireRoom(what, union(present, wanted));
  const before = await findShare(ledger, build, channel, region);
  const added = before ? union(before.added, missing) : missing;
  await recordShare(ledger, build, { channel, region, amiId, added, verified: false });
  await addLaunchPermission(ec2, amiId, missing);
  await markFor(channel, what, step);
  const refusal = (await findStop(ledger, build))?.refusal ?? (await findRetired(ledger, build));
  if (refusal) {
    await removeLaunchPermission(ec2, amiId, added);
    await unmarkFor(channel, what, step);
    throw refusal;
  }
  if (entities(missing).length > 0) {
    const absent = entities(missingFrom(await readLaunchPermission(ec2, amiId), wanted));
    if (absent.length > 0) throw new ShareNotVerified(amiId, region, absent);
  }
  await recordShare(ledger, build, { channel, region, amiId, added, verified: true });
  return entities(wanted);
}

/** EC2 would refuse the call; here nothing is written down first, and the numbers are said. */
function requireRoom({ amiId, region }: Shared, all: LaunchPermission): void {
  const count = entities(all).length;
  if (count > MOST_ENTITIES) throw new TooManyEntities(amiId, region, tooMany(count, all.accountIds.length));
}

class TooManyEntities extends Error {
  override readonly name = "TooManyEntities";
  readonly code = "TOO_MANY_ENTITIES";

  constructor(amiId: string, region: string, why: string) {
    super(`${amiId} in ${region} is not shared: ${why}.`);
  }
}

/** EC2 took the launch permissions and does not show them. The state machine asks again, then gives up. */
export class ShareNotVerified extends Error {
  override readonly name = "ShareNotVerified";
  readonly code = "SHARE_NOT_VERIFIED";

  constructor(amiId: string, region: string, absent: readonly string[]) {
    super(`${amiId} in ${region} is not shared with ${absent.join(", ")} although EC2 accepted it.`);
  }
}
