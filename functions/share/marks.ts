import { findShares } from "../../adapters/promotion/promotion.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation, Settings } from "../invocation.ts";

/** The channels that a build was shared for in a region, so the channels that it has marks of. */
export const marksOf = async (
  build: BuildArn,
  region: string,
  { ledger }: Pick<Invocation, "ledger">,
): Promise<string[]> =>
  (await findShares(ledger, build)).filter((share) => share.region === region).map(({ channel }) => channel);

/** The ARN of each region's key, by region; from `KEY_ARNS`, separated by commas. */
export function keysOf({ settings }: { readonly settings: Settings<"KEY_ARNS"> }): ReadonlyMap<string, string> {
  const arns = settings.env.KEY_ARNS.split(",");
  return new Map(arns.map((arn) => [arn.split(":")[3] ?? "", arn]));
}
