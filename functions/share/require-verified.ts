import { readBatch } from "../../adapters/ledger/reads.ts";
import { verifiedAt } from "../../adapters/share/verifications.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { Invocation } from "../invocation.ts";

/**
 * With configured consumers, a channel moves only if they can launch its new AMI in every region.
 * @throws NotVerified
 */
export async function requireVerified(
  { build, channel }: ChannelOf & { readonly build: BuildArn },
  amis: Readonly<Record<string, ArtifactId>>,
  { ledger, settings }: Pick<Invocation, "ledger" | "settings">,
): Promise<void> {
  if (!settings.factory.consumers) return;
  const regions = Object.keys(amis);
  const found = await readBatch(
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
      `Channel ${channel} not moved: no consumer account has verified that it can launch ${build} in ${regions.join(", ")}; \`amint promote\` tries it again.`,
    );
  }
}
