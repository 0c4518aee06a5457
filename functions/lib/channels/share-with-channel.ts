import { addLaunchPermission, readLaunchPermission, removeLaunchPermission } from "../../../adapters/amis.ts";
import { findShare, isUndone, recordShare } from "../../../adapters/ledger/promotion.ts";
import { findWithdrawn } from "../../../adapters/ledger/revocations.ts";
import { entities, type LaunchPermission, missingFrom, union } from "../../../core/launch-permission.ts";
import { requireChannel } from "../../../core/require-image.ts";
import { MOST_ENTITIES, tooMany } from "../../../core/share/check-share.ts";
import type { AmiId, BuildArn } from "../../../events/ids.ts";
import { markFor, unmarkFor } from "../share/marks.ts";
import { readPermission } from "../share/read-permission.ts";
import type { AmiStep, ChannelOf } from "./channel-step.ts";

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
  const stopped = await findStop(what, ledger);
  if (stopped) {
    await removeLaunchPermission(ec2, amiId, added);
    await unmarkFor(channel, what, step);
    throw stopped;
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

/** Why a build is not shared any more, whatever was asked before: looked for after it was shared. */
async function findStop({ build, amiId, region }: Shared, ledger: AmiStep["ledger"]): Promise<Error | undefined> {
  if (await isUndone(ledger, build)) return new PromotionUndone(build, amiId, region);
  return findWithdrawn(ledger, build);
}

/** Another region failed, and the promotion was undone while this share was on its way: it is taken back, too. */
class PromotionUndone extends Error {
  override readonly name = "PromotionUndone";
  readonly code = "PROMOTION_UNDONE";

  constructor(build: BuildArn, amiId: string, region: string) {
    super(`${amiId} in ${region} is not shared: the promotion of ${build} has been undone.`);
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
