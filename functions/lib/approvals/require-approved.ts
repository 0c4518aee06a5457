import { findApproval } from "../../../adapters/ledger/approvals.ts";
import { buildVersion } from "../../../core/build-arn.ts";
import { requireChannel } from "../../../core/require-image.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/**
 * Asked again before each share and each move: the state machine is not the only one who can call those steps.
 * @throws NotApproved where the channel's config asks people, and they have not agreed that this build enters it
 */
export async function requireApproved(
  { image, build, channel }: Subject,
  { settings, ledger }: Pick<Step<never, unknown>, "settings" | "ledger">,
): Promise<void> {
  if (!requireChannel(settings.factory, image, channel).approval) return;
  const asked = await findApproval(ledger, { build, channel });
  if (asked?.decided?.verdict !== "granted") throw new NotApproved(image, build, channel);
}

class NotApproved extends Error {
  override readonly name = "NotApproved";
  readonly code = "NOT_APPROVED";

  constructor(image: string, build: BuildArn, channel: string) {
    super(`Nobody has agreed that build ${buildVersion(build)} of ${image} enters ${channel}; it is not shared there.`);
  }
}
