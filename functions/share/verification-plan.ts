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
import type { Step } from "../step.ts";
import type { LaunchTried } from "./verify-as-consumer.ts";

/** What is launched for a trial, where nothing is said about it. */
const SMALL = { x86_64: "t3.micro", arm64: "t4g.micro" };

interface Planned extends VerificationPlan {
  /** What a dry run asks for. */
  readonly launch: Pick<LaunchTried, "instanceType" | "subnets">;
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
  if (!consumers) return { accounts: [], canary: undefined, subnets: {}, launch: { instanceType, subnets: {} } };
  const tree = await findOrganization(ledger);
  if (!tree && asksTree(share)) throw new ConsumersNotKnown(organization.id, image, channel);
  const plan = planVerification({ consumers, share, architecture, region }, tree);
  return { ...plan, launch: { instanceType, subnets: plan.subnets } };
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

/** A canary, as the state machine hands it from state to state. */
export const canary = z.object({
  /** Of everything that belongs to it. */
  name: z.string().min(1),
  account: z.string(),
  instanceType: z.string(),
  autoScaling: z.boolean(),
  subnet: z.string().exactOptional(),
  /** From then on whatever is left of it is removed by whoever finds it. */
  expires: z.iso.datetime(),
});

type Canary = z.output<typeof canary>;

/** It runs for minutes; a promotion that crashes leaves it standing. */
const LIFE_MS = 2 * 3_600_000;

interface Launched {
  readonly build: BuildArn;
  readonly channel: string;
  readonly region: string;
  readonly amiId: AmiId;
}

/** A name of its own for each time that it is tried: EC2 answers a name that it knows with the instance of that time. */
export function toCanary(
  at: Launched,
  planned: PlannedCanary & { readonly subnet?: string },
  { settings, now, requestId }: Step,
): Canary {
  const trial = [at.build, at.channel, at.region, at.amiId, now.toISOString(), requestId];
  return {
    name: canaryName(settings.factory.name, trial),
    ...planned,
    expires: new Date(now.getTime() + LIFE_MS).toISOString(),
  };
}
