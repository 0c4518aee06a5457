import type { Revocation } from "../../../adapters/ledger/revocations.ts";
import { buildVersion } from "../../../core/build-arn.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { findSuperseding } from "../channels/find-superseding.ts";
import type { Step } from "../step.ts";

/** Why a build goes no further, whatever people say. */
export interface Over {
  readonly reason: string;
  /** The build that takes its place. */
  readonly by?: BuildArn;
  /** Nobody needs to be asked any more. Otherwise it may go on when the config does. */
  readonly ends: boolean;
}

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

export async function findOver(
  { image, build, channel }: Subject,
  revoked: Revocation | undefined,
  { ledger, settings }: Pick<Step, "ledger" | "settings">,
): Promise<Over | undefined> {
  if (revoked !== undefined) return { reason: `${buildVersion(build)} is revoked: ${revoked.reason}`, ends: true };
  const channels = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
  if (!channels.includes(channel)) {
    const known = channels.length > 0 ? `; it has ${channels.join(", ")}` : "";
    return { reason: `the config of ${image} has no channel "${channel}" any more${known}`, ends: false };
  }
  const by = await findSuperseding({ image, build, channel }, { ledger, settings });
  return by && { reason: `${buildVersion(by)} takes its place`, by, ends: true };
}
