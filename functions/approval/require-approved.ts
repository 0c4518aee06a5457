import { approvalOf } from "../../adapters/approval/approvals.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { combineReads, type LedgerRead } from "../../adapters/ledger/reads.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { requireChannel } from "../../core/factory/require-image.ts";
import { approvalFor } from "../../core/promotion/plan-promotion.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Settings } from "../invocation.ts";

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/**
 * Checked again before each share and each move: the state machine is not the only caller of those functions.
 * @throws NotApproved where the channel's config requires approval and this build does not have it
 */
export const approved = (
  { image, build, channel }: Subject,
  { factory }: Pick<Settings, "factory">,
): LedgerRead<void> =>
  combineReads(approvalOf({ build, channel }), gateOf(build), (asked, gate) => {
    const approval = approvalFor(requireChannel(factory, image, channel), gate?.urgent);
    if (approval && asked?.decided?.verdict !== "granted") throw new NotApproved(image, build, channel);
  });

class NotApproved extends Error {
  override readonly name = "NotApproved";

  constructor(image: string, build: BuildArn, channel: string) {
    super(
      `Build ${buildVersion(build)} of ${image} is not approved for ${channel}; it is shared there once \`amint approve\` was run.`,
    );
  }
}
