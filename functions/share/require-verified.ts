import { readTogether } from "../../adapters/ledger/wanted.ts";
import { verifiedAt } from "../../adapters/share/verifications.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { Step } from "../step.ts";

/**
 * Where consumers are asked, a channel moves only once they could launch what it is to point at, in every region.
 * @throws NotVerified
 */
export async function requireVerified(
  { build, channel }: ChannelOf & { readonly build: BuildArn },
  amis: Readonly<Record<string, ArtifactId>>,
  { ledger, settings }: Pick<Step, "ledger" | "settings">,
): Promise<void> {
  if (!settings.factory.consumers) return;
  const regions = Object.keys(amis);
  const found = await readTogether(
    ledger,
    regions.map((region) => verifiedAt({ build, channel, region })),
  );
  const missing = regions.filter((region, nth) => found[nth] !== amis[region]);
  if (missing.length > 0) throw new NotVerified(build, channel, missing);
}

class NotVerified extends Error {
  override readonly name = "NotVerified";

  constructor(build: BuildArn, channel: string, regions: readonly string[]) {
    super(
      `Nobody has tried as a consumer whether ${build} can be launched in ${regions.join(", ")} by those who follow ${channel}; the channel does not move.`,
    );
  }
}
