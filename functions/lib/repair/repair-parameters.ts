import { SSMClient } from "@aws-sdk/client-ssm";
import { listMoves } from "../../../adapters/ledger/history.ts";
import { wantLook } from "../../../adapters/ledger/looks.ts";
import { readParametersBelow } from "../../../adapters/published-parameters.ts";
import { lookName } from "../../../core/decide-look.ts";
import { findParameterDrift, isLeft, type ParameterDrift } from "../../../core/find-drift.ts";
import { channelParameter, channelParameterRoot } from "../../../core/names.ts";
import { parametersOf } from "../../../core/share/held-regions.ts";
import type { ChannelOf } from "../channels/channel-of.ts";
import { confirmPublished } from "../channels/confirm-published.ts";
import { inAllRegions } from "../channels/in-all-regions.ts";
import { isAtWithdrawn } from "../channels/leave-withdrawn.ts";
import { publishChannel } from "../channels/publish-channel.ts";
import type { RepairStep, States } from "./repair.ts";
import type { Known, Scope } from "./scope.ts";
import { type Drift, tellDrift } from "./tell-drift.ts";

/**
 * Makes parameters say again what the ledger says, where somebody edited or deleted them, or SSM never took the value. One
 * call a region and ten channels, where all is well.
 * @returns how many differences were new
 */
export async function repairParameters(known: Known, scope: Scope, step: RepairStep): Promise<number> {
  const { states } = known;
  const { factory } = step.settings;
  const root = channelParameterRoot(factory.name);
  const published = new Map(
    await inAllRegions(
      scope.regions,
      async (region) => [region, await readParametersBelow(step.client(SSMClient, region), root)] as const,
    ),
  );
  const found = await Promise.all(
    channelsOf(states, step)
      .filter(scope.covers)
      .map(async (at) => {
        const name = channelParameter(factory.name, at.image, at.channel);
        const says = new Map([...published].map(([region, values]) => [region, values.get(name)]));
        const pointed = states.get(at.image)?.channels[at.channel];
        const odd = findParameterDrift(parametersOf(pointed), says);
        // It is being moved, or was a moment ago: SSM takes minutes.
        if (odd.length > 0 && !(await isAtRest(at, step))) return 0;
        const drifts = odd.length > 0 ? await repair(at, name, odd, step) : [];
        return tellDrift(at, "parameter", drifts, known, scope, step);
      }),
  );
  return found.reduce((all, one) => all + one, 0);
}

/** Also those that the config has no more: what they point at is followed all the same. */
const channelsOf = (states: States, { settings }: RepairStep): ChannelOf[] =>
  [...states].flatMap(([image, { channels }]) => {
    const configured = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
    return [...new Set([...configured, ...Object.keys(channels)])].map((channel) => ({ image, channel }));
  });

/** Whether the channel was not moved in the last half hour, and does not have to leave a build that was withdrawn. */
async function isAtRest(at: ChannelOf, step: RepairStep): Promise<boolean> {
  const last = (await listMoves(step.ledger, at.image, at.channel)).at(-1);
  return (last === undefined || isLeft(last.movedAt, step.now)) && !(await isAtWithdrawn(at, step));
}

async function repair(at: ChannelOf, name: string, odd: readonly ParameterDrift[], step: RepairStep): Promise<Drift[]> {
  const done = await putRight(at, odd, step);
  return odd.map(({ region, says, wanted }) => ({
    what: `parameter ${region}`,
    found: `${name} in ${region} ${says === undefined ? "was not there" : `said ${says}`} although the channel points at ${wanted ?? "nothing"}`,
    done,
    repaired: true,
  }));
}

/** @returns what became of it, in words */
async function putRight(at: ChannelOf, odd: readonly ParameterDrift[], step: RepairStep): Promise<string> {
  try {
    const pointed = await publishChannel(at, step);
    if (!pointed) return "It was removed.";
    await confirmPublished(at, pointed, step);
    return `It says ${[...new Set(Object.values(parametersOf(pointed)))].join(" or ")} again.`;
  } catch (error) {
    // SSM checks a value for minutes, and refuses another one meanwhile.
    if (!(error instanceof Error && ["ParametersNotYet", "TooManyUpdates"].includes(error.name))) throw error;
    for (const { region } of odd) await wantLook(step.ledger, lookName({ kind: "parameter", region, ...at }), step.now);
    return "It was put again, and Parameter Store has not taken it yet. It is tried again each hour.";
  }
}
