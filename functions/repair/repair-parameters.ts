import { SSMClient } from "@aws-sdk/client-ssm";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { readParametersBelow } from "../../adapters/channel/parameters.ts";
import { requestDriftCheck } from "../../adapters/repair/drift-checks.ts";
import { listDrift } from "../../adapters/repair/reported-drift.ts";
import { parentChannels } from "../../core/channel/parents.ts";
import { parametersOf } from "../../core/channel/regions.ts";
import { channelParameter, channelParameterRoot, parentParameterRoot } from "../../core/names.ts";
import { driftCheckName } from "../../core/repair/decide-drift-check.ts";
import { findParameterDrift, isLeft, type ParameterDrift } from "../../core/repair/find-drift.ts";
import { NotProven } from "../../core/share/decide-proof.ts";
import { entities } from "../../core/share/launch-permission.ts";
import { confirmPublished } from "../channel/confirm-published.ts";
import { type ChannelOf, inAllRegions } from "../channel/in-all-regions.ts";
import { parentParameterIn } from "../channel/parent-parameter.ts";
import { publishAsIs } from "../channel/publish-channel.ts";
import { inTurn } from "../in-turn.ts";
import { isAtStopped } from "../revocation/leave-stopped.ts";
import { isShareOf, keepParameterShare, listShares } from "../share/parameter-shares.ts";
import { readPermission } from "../share/read-permission.ts";
import type { RepairInvocation } from "./repair.ts";
import { type Drift, isRecent, reportDrift, sayNotProven } from "./report-drift.ts";
import { type Known, type Scope, within } from "./scope.ts";

/** A parameter that differs, of a channel or of its child recipes. */
interface Odd extends ParameterDrift {
  readonly name: string;
  /** The name in reports. */
  readonly what: string;
}

/**
 * Sets parameters to what the ledger says after manual edits, deletions, or values that SSM never stored. If all match,
 * one call per region and ten channels, and one per ten parent parameters in the build region.
 * @returns how many differences were new
 */
export async function repairParameters(known: Known, scope: Scope, invocation: RepairInvocation): Promise<number> {
  const { states } = known;
  const { factory } = invocation.settings;
  const below = (region: string, root: string) => readParametersBelow(invocation.client(SSMClient, region), root);
  const published = new Map(
    await inAllRegions(
      scope.regions,
      async (region) => [region, await below(region, channelParameterRoot(factory.name))] as const,
    ),
  );
  const hasParents = parentChannels(factory).some(scope.covers) && scope.regions.includes(factory.buildRegion);
  const parents = hasParents ? await below(factory.buildRegion, parentParameterRoot(factory.name)) : new Map();
  const found = await Promise.all(
    channelsOf(states, invocation)
      .filter(scope.covers)
      .map(async (at) => {
        const name = channelParameter(factory.name, at.image, at.channel);
        const says = new Map([...published].map(([region, values]) => [region, values.get(name)]));
        const pointed = states.get(at.image)?.channels[at.channel];
        const odd = [
          ...findParameterDrift(parametersOf(pointed), says).map((one) => ({
            ...one,
            name,
            what: `parameter ${one.region}`,
          })),
          ...(hasParents ? findParentDrift(at, pointed, parents, invocation) : []),
        ];
        // The channel is moving or has just moved: SSM takes minutes.
        if (odd.length > 0 && !(await isAtRest(at, invocation))) return 0;
        const drifts = odd.length > 0 ? await repair(at, odd, invocation) : [];
        return reportDrift(at, "parameter", drifts, known, scope, invocation);
      }),
  );
  return found.reduce((all, one) => all + one, 0);
}

/**
 * Whether the parent parameter of child recipes follows the channel. While the channel is empty, any AMI is valid: no
 * child is built.
 */
function findParentDrift(
  at: ChannelOf,
  pointed: ChannelRecord | undefined,
  parents: ReadonlyMap<string, string>,
  invocation: RepairInvocation,
): Odd[] {
  const { buildRegion: region } = invocation.settings.factory;
  const name = parentParameterIn(at, region, invocation)?.name;
  if (!name) return [];
  const wanted = parametersOf(pointed)[region];
  const says = parents.get(name);
  return says !== undefined && (says === wanted || !wanted)
    ? []
    : [{ region, says, wanted, name, what: `parameter ${region} parent` }];
}

/** Also channels that were removed from the config: what they point at still counts. */
const channelsOf = (states: Known["states"], { settings }: RepairInvocation): ChannelOf[] =>
  [...states].flatMap(([image, { channels }]) => {
    const configured = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
    return [...new Set([...configured, ...Object.keys(channels)])].map((channel) => ({ image, channel }));
  });

/** Whether the channel has not moved for half an hour and is not leaving a revoked or undone build. */
async function isAtRest(at: ChannelOf, invocation: RepairInvocation): Promise<boolean> {
  const last = (await listMoves(invocation.ledger, at.image, at.channel)).at(-1);
  return (last === undefined || isLeft(last.movedAt, invocation.now)) && !(await isAtStopped(at, invocation));
}

async function repair(at: ChannelOf, odd: readonly Odd[], invocation: RepairInvocation): Promise<Drift[]> {
  const done = await putRight(at, odd, invocation);
  return odd.map(({ region, name, what, says, wanted }) => ({
    what,
    found: `${name} in ${region} was ${says ?? "missing"}, but the channel points at ${wanted ?? "nothing"}`,
    ...done,
  }));
}

type Done = Pick<Drift, "done" | "repaired">;

async function putRight(at: ChannelOf, odd: readonly Odd[], invocation: RepairInvocation): Promise<Done> {
  try {
    return { done: await publishAgain(at, odd, invocation), repaired: true };
  } catch (error) {
    if (!(error instanceof NotProven)) throw error;
    return { done: sayNotProven(error), repaired: false };
  }
}

/** @returns the result as text */
async function publishAgain(at: ChannelOf, odd: readonly Odd[], invocation: RepairInvocation): Promise<string> {
  try {
    const pointed = await publishAsIs(at, invocation, "all");
    // The parent parameter of child recipes always keeps a value.
    if (!pointed) return odd.every(({ says }) => says === undefined) ? "It was written again." : "It was removed.";
    await confirmPublished(at, pointed, invocation);
    const values = new Set(odd.flatMap(({ region }) => parametersOf(pointed)[region] ?? []));
    return values.size > 0 ? `It was set back to ${[...values].join(" and ")}.` : "It was removed.";
  } catch (error) {
    // SSM validates a value for minutes, and rejects another one meanwhile.
    if (!(error instanceof Error && ["ParametersNotYet", "TooManyUpdates"].includes(error.name))) throw error;
    for (const { region } of odd)
      await requestDriftCheck(invocation.ledger, driftCheckName({ kind: "parameter", region, ...at }), invocation.now);
    return "It was written again, but Parameter Store has not stored it yet. It is retried every hour.";
  }
}

/**
 * Corrects the principals of parameter shares after manual changes or deletions, and shares parameters that were
 * recreated: RAM drops a deleted one. If all match, three calls per region.
 * @returns how many differences were new
 */
export async function repairParameterShares(known: Known, scope: Scope, invocation: RepairInvocation): Promise<number> {
  const shares: Shares = new Map(
    await inAllRegions(scope.regions, async (region) => [region, await listShares(region, invocation)] as const),
  );
  const repairs = [...known.states].flatMap(([image, { channels }]) =>
    Object.entries(channels)
      .filter(([channel]) => scope.covers({ image, channel }))
      .map(([channel, pointed]) => [
        `${image} ${channel}`,
        () => repairChannel({ image, channel }, pointed, { shares, known, scope }, invocation),
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
  invocation: RepairInvocation,
): Promise<number> {
  const { factory } = invocation.settings;
  const config = factory.images[at.image]?.channels.find(({ name }) => name === at.channel);
  // The function that moves the channel shares its parameter; a channel that was removed from the config stays as it
  // is.
  if (!config || !isLeft(pointed.movedAt, invocation.now)) return 0;
  const principals = entities(await readPermission(config.share, invocation));
  const name = channelParameter(factory.name, at.image, at.channel);
  const drifts = await inAllRegions(
    within(scope, Object.keys(parametersOf(pointed))),
    async (region): Promise<Drift[]> => {
      const present = shares.get(region)?.filter((share) => isShareOf(at, share)) ?? [];
      const { changed } = await keepParameterShare(at, { region, principals, present }, invocation);
      if (changed.length === 0 || (await wasPutAgain(at, region, invocation))) return [];
      const found = `${name} in ${region} was not shared with exactly ${principals.join(", ") || "no principals"}`;
      return [{ what: `parameter-share ${region}`, found, done: `Corrected: ${changed.join("; ")}.`, repaired: true }];
    },
  );
  return reportDrift(at, "parameter-share", drifts.flat(), known, scope, invocation);
}

/** The missing parameter, already reported, also lost its share. */
const wasPutAgain = async ({ image, channel }: ChannelOf, region: string, { ledger, now }: RepairInvocation) =>
  (await listDrift(ledger)).some(
    (one) => one.image === image && one.channel === channel && one.what === `parameter ${region}` && isRecent(one, now),
  );
