import type { ChannelRecord } from "../../../adapters/ledger/channels.ts";
import { listDrift } from "../../../adapters/ledger/told-drift.ts";
import { isLeft } from "../../../core/find-drift.ts";
import { entities } from "../../../core/launch-permission.ts";
import { channelParameter } from "../../../core/names.ts";
import { parametersOf } from "../../../core/share/held-regions.ts";
import type { ChannelOf } from "../channels/channel-of.ts";
import { inAllRegions } from "../channels/in-all-regions.ts";
import { isShareOf, keepParameterShare, listShares } from "../share/parameter-shares.ts";
import { readPermission } from "../share/read-permission.ts";
import { inTurn } from "./in-turn.ts";
import type { RepairStep } from "./repair.ts";
import { type Known, type Scope, within } from "./scope.ts";
import { type Drift, isRecent, tellDrift } from "./tell-drift.ts";

/**
 * Shares channels' parameters again with exactly those who should read them, where somebody changed or deleted a share,
 * or a parameter was made anew: RAM forgets one that is deleted. Three calls a region, where all is well.
 * @returns how many differences were new
 */
export async function repairParameterShares(known: Known, scope: Scope, step: RepairStep): Promise<number> {
  const shares: Shares = new Map(
    await inAllRegions(scope.regions, async (region) => [region, await listShares(region, step)] as const),
  );
  const repairs = [...known.states].flatMap(([image, { channels }]) =>
    Object.entries(channels)
      .filter(([channel]) => scope.covers({ image, channel }))
      .map(([channel, pointed]) => [
        `${image} ${channel}`,
        () => repairChannel({ image, channel }, pointed, { shares, known, scope }, step),
      ]),
  );
  return inTurn(Object.fromEntries(repairs));
}

/** By region. */
type Shares = ReadonlyMap<string, Awaited<ReturnType<typeof listShares>>>;

async function repairChannel(
  at: ChannelOf,
  pointed: ChannelRecord,
  { shares, known, scope }: { readonly shares: Shares; readonly known: Known; readonly scope: Scope },
  step: RepairStep,
): Promise<number> {
  const { factory } = step.settings;
  const config = factory.images[at.image]?.channels.find(({ name }) => name === at.channel);
  // Who moves it shares its parameter just now; and a channel that the config has no more stays as it is.
  if (!config || !isLeft(pointed.movedAt, step.now)) return 0;
  const principals = entities(await readPermission(config.share, step));
  const name = channelParameter(factory.name, at.image, at.channel);
  const drifts = await inAllRegions(
    within(scope, Object.keys(parametersOf(pointed))),
    async (region): Promise<Drift[]> => {
      const present = shares.get(region)?.filter((share) => isShareOf(at, share)) ?? [];
      const { changed } = await keepParameterShare(at, { region, principals, present }, step);
      if (changed.length === 0 || (await wasPutAgain(at, region, step))) return [];
      const found = `${name} in ${region} was not shared with exactly ${principals.join(", ") || "nobody"}`;
      return [{ what: `parameter-share ${region}`, found, done: `Now it is: ${changed.join("; ")}.`, repaired: true }];
    },
  );
  return tellDrift(at, "parameter-share", drifts.flat(), known, scope, step);
}

/** The parameter itself was not as it should be, which was just reported: its share went with it. */
const wasPutAgain = async ({ image, channel }: ChannelOf, region: string, { ledger, now }: RepairStep) =>
  (await listDrift(ledger)).some(
    (one) => one.image === image && one.channel === channel && one.what === `parameter ${region}` && isRecent(one, now),
  );
