import { EC2Client } from "@aws-sdk/client-ec2";
import { addLaunchPermission, readLaunchPermission, removeLaunchPermission, tagAmi } from "../adapters/amis.ts";
import { putEvent } from "../adapters/bus.ts";
import { requireAmi } from "../adapters/ledger/ami-of.ts";
import { requireGatePassed } from "../adapters/ledger/evidence.ts";
import { findShare, isUndone, recordShare } from "../adapters/ledger/promotion.ts";
import { buildVersion } from "../core/build-arn.ts";
import { entities, missingFrom, toLaunchPermission, union } from "../core/launch-permission.ts";
import { requireChannel } from "../core/require-image.ts";
import type { BuildArn } from "../events/ids.ts";
import { imageShared } from "../events/image-shared.ts";
import { lambda } from "./lib/lambda.ts";
import { channelStepInput, regionStepInput } from "./lib/promotion-input.ts";
import { perRegion } from "./lib/step.ts";

/** Gives a channel's consumers launch permission in one region, and reads back that they have it. */
export const handler = lambda({
  input: channelStepInput.extend(regionStepInput.shape),
  clients: () => ({ ec2: perRegion((region) => new EC2Client({ region })) }),
  async run({ image, build, channel, region }, { settings, ledger, bus, clients }) {
    await requireGatePassed(ledger, build);
    const { factory, place } = settings;
    const ec2 = clients.ec2(region);
    const amiId = await requireAmi(ledger, { image, build, region }, place.region);
    await tagAmi(ec2, amiId, {
      "amint:factory": factory.name,
      "amint:image": image,
      "amint:build": buildVersion(build),
    });
    const wanted = toLaunchPermission(factory, requireChannel(factory, image, channel).share, place.partition);
    const missing = missingFrom(await readLaunchPermission(ec2, amiId), wanted);
    const before = await findShare(ledger, build, channel, region);
    const added = before ? union(before.added, missing) : missing;
    await recordShare(ledger, build, { channel, region, amiId, added, verified: false });
    await addLaunchPermission(ec2, amiId, missing);
    if (await isUndone(ledger, build)) {
      await removeLaunchPermission(ec2, amiId, added);
      throw new PromotionUndone(build, amiId, region);
    }
    const absent = entities(missingFrom(await readLaunchPermission(ec2, amiId), wanted));
    if (absent.length > 0) throw new ShareNotVerified(amiId, region, absent);
    await recordShare(ledger, build, { channel, region, amiId, added, verified: true });
    await putEvent(bus, imageShared, { image, build, channel, region, amiId, sharedWith: entities(wanted) });
    return { region, amiId };
  },
});

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
