import { findShares } from "../../../adapters/ledger/promotion.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { ArtifactStep } from "../channels/channel-step.ts";

/** The channels that a build was shared for in a region: by their marks it is known. */
export const marksOf = async (
  build: BuildArn,
  region: string,
  { ledger }: Pick<ArtifactStep, "ledger">,
): Promise<string[]> =>
  (await findShares(ledger, build)).filter((share) => share.region === region).map(({ channel }) => channel);
