import * as z from "zod";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { requireChannel, requireImage } from "../../core/factory/require-image.ts";
import { canaryName } from "../../core/share/canary.ts";
import {
  asksTree,
  type PlannedCanary,
  planVerification,
  type VerificationPlan,
} from "../../core/share/plan-verification.ts";
import type { AmiId, BuildArn } from "../../events/ids.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { Invocation } from "../invocation.ts";
import type { LaunchTried } from "./verify-as-consumer.ts";

/** Default instance types of launch tests. */
const SMALL = { x86_64: "t3.micro", arm64: "t4g.micro" };

interface Planned extends VerificationPlan {
  /** What a dry run launches. */
  readonly launch: Pick<LaunchTried, "instanceType" | "subnets">;
}

/**
 * The consumer accounts that verify a channel's share in a region; none, if the config has no consumers.
 * @throws ConsumersNotKnown where the accounts of the channel's OUs are not known yet
 */
export async function readVerificationPlan(
  { image, channel, region }: ChannelOf & { readonly region: string },
  { ledger, settings }: Pick<Invocation, "ledger" | "settings">,
): Promise<Planned> {
  const { consumers, organization } = settings.factory;
  const { share } = requireChannel(settings.factory, image, channel);
  const { architecture } = requireImage(settings.factory, image);
  const instanceType = (consumers?.canary?.instanceTypes ?? SMALL)[architecture];
  if (!consumers) return { accounts: [], canary: undefined, subnets: {}, launch: { instanceType, subnets: {} } };
  const tree = await findOrganization(ledger);
  if (!tree && asksTree(share)) throw new ConsumersNotKnown(organization.id, image, channel);
  const plan = planVerification({ consumers, share, architecture, region }, tree);
  return { ...plan, launch: { instanceType, subnets: plan.subnets } };
}

/** The accounts in an OU are known after the hourly read of the organization. */
class ConsumersNotKnown extends Error {
  override readonly name = "ConsumersNotKnown";

  constructor(organization: string, image: string, channel: string) {
    super(
      `The organization ${organization} has not been read yet, so the accounts that ${image}'s channel ${channel} reaches are unknown. follow-organization reads it hourly.`,
    );
  }
}

/** A canary, as passed between states of the state machine. */
export const canary = z.object({
  /** The name of each of its resources. */
  name: z.string().min(1),
  account: z.string(),
  instanceType: z.string(),
  autoScaling: z.boolean(),
  subnet: z.string().exactOptional(),
  /** After this time, a clean-up removes its resources. */
  expires: z.iso.datetime(),
});

type Canary = z.output<typeof canary>;

/** A canary runs for minutes; a promotion that crashes leaves it running. */
const LIFE_MS = 2 * 3_600_000;

interface Launched {
  readonly build: BuildArn;
  readonly channel: string;
  readonly region: string;
  readonly amiId: AmiId;
}

/** A new name for each try: EC2 answers a known client token with the earlier instance. */
export function toCanary(
  at: Launched,
  planned: PlannedCanary & { readonly subnet?: string },
  { settings, now, requestId }: Invocation,
): Canary {
  const trial = [at.build, at.channel, at.region, at.amiId, now.toISOString(), requestId];
  return {
    name: canaryName(settings.factory.name, trial),
    ...planned,
    expires: new Date(now.getTime() + LIFE_MS).toISOString(),
  };
}
