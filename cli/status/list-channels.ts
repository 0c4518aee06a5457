import type { BuildRecord } from "../../adapters/build/builds.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { heldIn, regionsOfChannel } from "../../core/channel/regions.ts";
import type { Stage } from "../../core/retirement/facts.ts";
import type { BuildArn } from "../../events/ids.ts";
import { type Facts, findRecord, isPromotable } from "./facts.ts";
import type { Behind, ChannelRow, Mark } from "./shape.ts";

/** Every region of every channel of the config. */
export const listChannelRows = (facts: Facts): ChannelRow[] =>
  facts.images.flatMap((image) =>
    (facts.factory.images[image]?.channels ?? []).flatMap(({ name }, nth) => listRegions(facts, image, name, nth)),
  );

function listRegions(facts: Facts, image: string, channel: string, nth: number): ChannelRow[] {
  const config = facts.factory.images[image];
  const settings = config?.channels[nth];
  if (!config || !settings) return [];
  const pointed = facts.channels.get(image)?.[channel];
  const target = findTarget(facts, image, nth);
  return regionsOfChannel(facts.factory, config, settings).map((region): ChannelRow => {
    const held = heldIn(pointed, region);
    const startedAt = held && startOf(facts, image, held.build);
    const why = pointed?.behind?.[region]?.why;
    return {
      image,
      channel,
      region,
      build: held?.build ?? null,
      artifact: held?.amiId ?? null,
      version: held ? buildVersion(held.build) : null,
      ageSeconds: startedAt ? Math.max(0, Math.floor((facts.now.getTime() - Date.parse(startedAt)) / 1000)) : null,
      behind: target ? findBehind(facts, image, startedAt, target) : null,
      marks: held ? marksOf(facts, held.build) : [],
      ...(why && { why }),
    };
  });
}

/** A channel's own record says when its build was started, also where the build's is gone. */
const startOf = (facts: Facts, image: string, build: BuildArn): string | undefined =>
  findRecord(facts, image, build)?.startedAt ??
  Object.values(facts.channels.get(image) ?? {}).find((one) => one.build === build)?.startedAt;

interface Target {
  readonly of: string;
  readonly build: BuildArn;
  readonly startedAt: string;
}

/** What a channel can be brought to: what the channel before it points at; for the first, the newest build that could be promoted. */
function findTarget(facts: Facts, image: string, nth: number): Target | undefined {
  const before = facts.factory.images[image]?.channels[nth - 1]?.name;
  const found = before
    ? facts.channels.get(image)?.[before]
    : facts.builds.get(image)?.find((one) => isPromotable(facts, one));
  return found && { of: before ?? "builds", build: found.build, startedAt: found.startedAt };
}

function findBehind(facts: Facts, image: string, startedAt = "", { of, build, startedAt: to }: Target): Behind | null {
  if (startedAt >= to) return null;
  const isBetween = (one: BuildRecord): boolean =>
    one.startedAt > startedAt && one.startedAt <= to && (one.build === build || isPromotable(facts, one));
  const builds = (facts.builds.get(image) ?? []).filter(isBetween).length;
  const seconds = startedAt ? Math.floor((Date.parse(to) - Date.parse(startedAt)) / 1000) : 0;
  return { of, builds: Math.max(1, builds), version: buildVersion(build), seconds };
}

const retiring: Readonly<Record<Stage, Mark>> = {
  deprecated: "deprecated",
  condemned: "pending-retirement",
  withdrawn: "retired",
  disabled: "retired",
  deregistered: "retired",
};

function marksOf(facts: Facts, build: BuildArn): Mark[] {
  const stage = facts.retirements.get(build)?.retirement?.stage;
  return [...(facts.revocations.has(build) ? (["revoked"] as const) : []), ...(stage ? [retiring[stage]] : [])];
}
