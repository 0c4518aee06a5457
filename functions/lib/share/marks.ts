import { findShares } from "../../../adapters/ledger/promotion.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

/** The channels that a build was shared for in a region: by their marks it is known. */
export const marksOf = async (build: BuildArn, region: string, { ledger }: Pick<Step, "ledger">): Promise<string[]> =>
  (await findShares(ledger, build)).filter((share) => share.region === region).map(({ channel }) => channel);
