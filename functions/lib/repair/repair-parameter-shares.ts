import type { ChannelRecord } from "../../../adapters/ledger/channels.ts";
import { listDrift, type ToldDrift } from "../../../adapters/ledger/told-drift.ts";
import { isLeft } from "../../../core/find-drift.ts";
import { entities } from "../../../core/launch-permission.ts";
import { channelParameter } from "../../../core/names.ts";
import { parametersOf } from "../../../core/share/held-regions.ts";
import type { ChannelOf } from "../channels/channel-step.ts";
import { inAllRegions } from "../channels/in-all-regions.ts";
import { isShareOf, keepParameterShare, listShares } from "../share/parameter-shares.ts";
import { readPermission } from "../share/read-permission.ts";
import { inTurn } from "./in-turn.ts";
import type { RepairStep, States } from "./repair-step.ts";
import { type Drift, tellDrift } from "./tell-drift.ts";

/**
 * Shares channels' parameters again with exactly those who should read them, where somebody changed or deleted a share,
 * or a parameter was made anew: RAM forgets one that is deleted. Three calls a region, where all is well.
 * @returns how many differences were new
 */
export async function repairParameterShares(
  states: States,
  told: readonly ToldDrift[],
  step: RepairStep,
): Promise<number> {
  const { regions } = step.settings.factory;
  const shares = new Map(
    await inAllRegions(regions, async (region) => [region, await listShares(region, step)] as const),
  );
  const repairs = [...states].flatMap(([image, { channels }]) =>
    Object.entries(channels).map(([channel, pointed]) => [
      `${image} ${channel}`,
      () => repairChannel({ image, channel }, pointed, { shares, told }, step),
    ]),
  );
  return inTurn(Object.fromEntries(repairs));
}

interface Known {
  readonly shares: ReadonlyMap<string, Awaited<ReturnType<typeof listShares>>>;
  readonly told: readonly ToldDrift[];
}

async function repairChannel(
  at: ChannelOf,
  pointed: ChannelRecord,
  { shares, told }: Known,
  step: RepairStep,
): Promise<number> {
  const { factory } = step.settings;
  const config = factory.images[at.image]?.channels.find(({ name }) => name === at.channel);
  // Who moves it shares its parameter just now; and a channel that the config has no more stays as it is.
  if (!config || !isLeft(pointed.movedAt, step.now)) return 0;
  const principals = entities(await readPermission(config.share, step));
  const name = channelParameter(factory.name, at.image, at.channel);
  const drifts = await inAllRegions(Object.keys(parametersOf(pointed)), async (region): Promise<Drift[]> => {
    const present = shares.get(region)?.filter((share) => isShareOf(at, share)) ?? [];
    const { changed } = await keepParameterShare(at, { region, principals, present }, step);
    if (changed.length === 0 || wasPutAgain(at, region, await listDrift(step.ledger))) return [];
    const found = `${name} in ${region} was not shared with exactly ${principals.join(", ") || "nobody"}`;
    return [{ what: `parameter-share ${region}`, found, done: `Now it is: ${changed.join("; ")}.` }];
  });
  return tellDrift(at, "parameter-share", drifts.flat(), told, step);
}

/** The parameter itself was not as it should be, which people were just told: with it its share went. */
const wasPutAgain = (at: ChannelOf, region: string, told: readonly ToldDrift[]): boolean =>
  told.some(
    ({ image, channel, what }) => image === at.image && channel === at.channel && what === `parameter ${region}`,
  );
