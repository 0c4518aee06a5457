import { SSMClient } from "@aws-sdk/client-ssm";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { readParametersBelow } from "../../adapters/channel/parameters.ts";
import { wantLook } from "../../adapters/repair/looks.ts";
import { listDrift } from "../../adapters/repair/told-drift.ts";
import { parametersOf } from "../../core/channel/held-regions.ts";
import { parentChannels } from "../../core/channel/parents.ts";
import { channelParameter, channelParameterRoot, parentParameterRoot } from "../../core/names.ts";
import { lookName } from "../../core/repair/decide-look.ts";
import { findParameterDrift, isLeft, type ParameterDrift } from "../../core/repair/find-drift.ts";
import { NotProven } from "../../core/share/decide-proof.ts";
import { entities } from "../../core/share/launch-permission.ts";
import { confirmPublished } from "../channel/confirm-published.ts";
import { type ChannelOf, inAllRegions } from "../channel/in-all-regions.ts";
import { parentParameterIn } from "../channel/parent-parameter.ts";
import { publishAsIs } from "../channel/publish-channel.ts";
import { inTurn } from "../in-turn.ts";
import { isAtWithdrawn } from "../revocation/leave-withdrawn.ts";
import { isShareOf, keepParameterShare, listShares } from "../share/parameter-shares.ts";
import { readPermission } from "../share/read-permission.ts";
import type { RepairStep } from "./repair.ts";
import { type Known, type Scope, within } from "./scope.ts";
import { type Drift, isRecent, sayNotProven, tellDrift } from "./tell-drift.ts";

/** A parameter that differs, of a channel or of its children's recipes. */
interface Odd extends ParameterDrift {
  readonly name: string;
  /** What it is reported as. */
  readonly what: string;
}

/**
 * Makes parameters say again what the ledger says, where somebody edited or deleted them, or SSM never took the value. One
 * call a region and ten channels, where all is well; and one for ten parents of images in the build region.
 * @returns how many differences were new
 */
export async function repairParameters(known: Known, scope: Scope, step: RepairStep): Promise<number> {
  const { states } = known;
  const { factory } = step.settings;
  const below = (region: string, root: string) => readParametersBelow(step.client(SSMClient, region), root);
  const published = new Map(
    await inAllRegions(
      scope.regions,
      async (region) => [region, await below(region, channelParameterRoot(factory.name))] as const,
    ),
  );
  const hasParents = parentChannels(factory).some(scope.covers) && scope.regions.includes(factory.buildRegion);
  const parents = hasParents ? await below(factory.buildRegion, parentParameterRoot(factory.name)) : new Map();
  const found = await Promise.all(
    channelsOf(states, step)
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
          ...(hasParents ? findParentDrift(at, pointed, parents, step) : []),
        ];
        // It is being moved, or was a moment ago: SSM takes minutes.
        if (odd.length > 0 && !(await isAtRest(at, step))) return 0;
        const drifts = odd.length > 0 ? await repair(at, odd, step) : [];
        return tellDrift(at, "parameter", drifts, known, scope, step);
      }),
  );
  return found.reduce((all, one) => all + one, 0);
}

/**
 * Whether the parameter that children's recipes start from follows the channel. While that points at nothing, any AMI
 * will do: no child is built.
 */
function findParentDrift(
  at: ChannelOf,
  pointed: ChannelRecord | undefined,
  parents: ReadonlyMap<string, string>,
  step: RepairStep,
): Odd[] {
  const { buildRegion: region } = step.settings.factory;
  const name = parentParameterIn(at, region, step)?.name;
  if (!name) return [];
  const wanted = parametersOf(pointed)[region];
  const says = parents.get(name);
  return says !== undefined && (says === wanted || !wanted)
    ? []
    : [{ region, says, wanted, name, what: `parameter ${region} parent` }];
}

/** Also those that the config has no more: what they point at is followed all the same. */
const channelsOf = (states: Known["states"], { settings }: RepairStep): ChannelOf[] =>
  [...states].flatMap(([image, { channels }]) => {
    const configured = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
    return [...new Set([...configured, ...Object.keys(channels)])].map((channel) => ({ image, channel }));
  });

/** Whether the channel was not moved in the last half hour, and does not have to leave a build that was withdrawn. */
async function isAtRest(at: ChannelOf, step: RepairStep): Promise<boolean> {
  const last = (await listMoves(step.ledger, at.image, at.channel)).at(-1);
  return (last === undefined || isLeft(last.movedAt, step.now)) && !(await isAtWithdrawn(at, step));
}

async function repair(at: ChannelOf, odd: readonly Odd[], step: RepairStep): Promise<Drift[]> {
  const done = await putRight(at, odd, step);
  return odd.map(({ region, name, what, says, wanted }) => ({
    what,
    found: `${name} in ${region} ${says === undefined ? "was not there" : `said ${says}`} although the channel points at ${wanted ?? "nothing"}`,
    ...done,
  }));
}

type Done = Pick<Drift, "done" | "repaired">;

async function putRight(at: ChannelOf, odd: readonly Odd[], step: RepairStep): Promise<Done> {
  try {
    return { done: await publishAgain(at, odd, step), repaired: true };
  } catch (error) {
    if (!(error instanceof NotProven)) throw error;
    return { done: sayNotProven(error), repaired: false };
  }
}

/** @returns what became of it, in words */
async function publishAgain(at: ChannelOf, odd: readonly Odd[], step: RepairStep): Promise<string> {
  try {
    const pointed = await publishAsIs(at, step, "all");
    // Of the parameters, children's recipes start from one that is never without a value.
    if (!pointed) return odd.every(({ says }) => says === undefined) ? "It was put again." : "It was removed.";
    await confirmPublished(at, pointed, step);
    return `It says ${[...new Set(Object.values(parametersOf(pointed)))].join(" or ")} again.`;
  } catch (error) {
    // SSM checks a value for minutes, and refuses another one meanwhile.
    if (!(error instanceof Error && ["ParametersNotYet", "TooManyUpdates"].includes(error.name))) throw error;
    for (const { region } of odd) await wantLook(step.ledger, lookName({ kind: "parameter", region, ...at }), step.now);
    return "It was put again, and Parameter Store has not taken it yet. It is tried again each hour.";
  }
}

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
