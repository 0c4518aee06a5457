import { findOrganization } from "../../../adapters/ledger/organization.ts";
import { requireChannel, requireImage } from "../../../core/require-image.ts";
import { asksTree, planVerification, type VerificationPlan } from "../../../core/share/plan-verification.ts";
import type { ChannelOf } from "../channels/channel-of.ts";
import type { Step } from "../step.ts";

/** What is launched for a trial, where nothing is said about it. */
const SMALL = { x86_64: "t3.micro", arm64: "t4g.micro" };

interface Planned extends VerificationPlan {
  /** What a dry run asks for. */
  readonly launch: { readonly instanceType: string; readonly subnet: Readonly<Record<string, string>> };
}

/**
 * Who is asked whether they can launch what a channel shares with them in a region. Nobody, where the factory has no
 * consumers in its config.
 * @throws ConsumersNotKnown where it is not known yet who lies in the units that the channel is shared with
 */
export async function readVerificationPlan(
  { image, channel, region }: ChannelOf & { readonly region: string },
  { ledger, settings }: Pick<Step, "ledger" | "settings">,
): Promise<Planned> {
  const { consumers, organization } = settings.factory;
  const { share } = requireChannel(settings.factory, image, channel);
  const { architecture } = requireImage(settings.factory, image);
  const instanceType = (consumers?.canary?.instanceTypes ?? SMALL)[architecture];
  if (!consumers) return { accounts: [], canary: undefined, launch: { instanceType, subnet: {} } };
  const tree = await findOrganization(ledger);
  if (!tree && asksTree(share)) throw new ConsumersNotKnown(organization.id, image, channel);
  const plan = planVerification({ consumers, share, architecture, region }, tree);
  const subnet = plan.canary?.subnet ? { [plan.canary.account]: plan.canary.subnet } : {};
  return { ...plan, launch: { instanceType, subnet } };
}

/** Who lies in a unit is known once the organization has been looked at, which happens hourly. */
class ConsumersNotKnown extends Error {
  override readonly name = "ConsumersNotKnown";

  constructor(organization: string, image: string, channel: string) {
    super(
      `The organization ${organization} has not been read yet, so that nobody knows which accounts ${image}'s channel ${channel} reaches. follow-organization reads it hourly; the promotion waits for it for a while.`,
    );
  }
}
