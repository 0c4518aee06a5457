import { checkPrices } from "../cost/check-prices.ts";
import { findNeverBuilt } from "../schedule/blackout.ts";
import { checkApprovals } from "./check-approvals.ts";
import { checkConsumers } from "./check-consumers.ts";
import { checkContainers } from "./check-container.ts";
import { checkExports } from "./check-exports.ts";
import { checkGates } from "./check-gate.ts";
import { checkKeys } from "./check-keys.ts";
import { checkNotify } from "./check-notify.ts";
import { checkRegions } from "./check-regions.ts";
import { checkRetention } from "./check-retention.ts";
import { checkStale } from "./check-stale.ts";
import { checkTriggers } from "./check-triggers.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Faults between parts of a factory that each look right alone: parents, channels, regions, gates, blackouts, cycles. */
export function checkReferences(factory: Factory): string[] {
  return [
    ...checkRegions(factory),
    ...checkKeys(factory),
    ...checkConsumers(factory),
    ...checkContainers(factory),
    ...Object.entries(factory.images).flatMap(([name, image]) => [
      ...checkParent(factory, name, image),
      ...checkChannels(name, image),
    ]),
    ...checkBlackouts(factory),
    ...checkTriggers(factory),
    ...checkStale(factory),
    ...checkGates(factory),
    ...checkApprovals(factory),
    ...checkNotify(factory),
    ...(factory.cost?.prices ? checkPrices(factory.cost.prices, factory, "cost.prices") : []),
    ...checkRetention(factory),
    ...checkExports(factory),
    ...findCycles(factory).map((cycle) => `images.${cycle[0]}.parent: a cycle of parents: ${cycle.join(" -> ")}`),
  ];
}

function checkParent(factory: Factory, name: string, { parent, triggers, architecture }: Image): string[] {
  const at = `images.${name}`;
  if (!("image" in parent)) {
    return triggers.parent ? [`${at}.triggers.parent: needs a parent that is an image of this factory`] : [];
  }
  const ancestor = factory.images[parent.image];
  if (!ancestor) {
    return [`${at}.parent.image: expected one of ${quoted(Object.keys(factory.images))}, found "${parent.image}"`];
  }
  const channels = ancestor.channels.map((channel) => channel.name);
  const faults: string[] = [];
  if (!channels.includes(parent.channel)) {
    faults.push(`${at}.parent.channel: expected one of ${quoted(channels)}, found "${parent.channel}"`);
  }
  if (ancestor.architecture !== architecture) {
    faults.push(`${at}.architecture: expected its parent's "${ancestor.architecture}", found "${architecture}"`);
  }
  return faults;
}

function checkChannels(name: string, { channels }: Image): string[] {
  const seen = channels.map((channel) => channel.name);
  return seen
    .filter((channel, index) => seen.indexOf(channel) < index)
    .map((channel) => `images.${name}.channels: "${channel}" twice`);
}

function checkBlackouts({ blackouts, images }: Factory): string[] {
  const known = Object.keys(images);
  return [
    ...blackouts.flatMap(({ images: some = [] }, at) =>
      some.flatMap((name, nth) =>
        known.includes(name)
          ? []
          : [`blackouts[${at}].images[${nth}]: expected one of ${quoted(known)}, found "${name}"`],
      ),
    ),
    ...findNeverBuilt(blackouts, known).map(
      (image) => `blackouts: a pause between them within a year, found none for "${image}": it would never be built`,
    ),
  ];
}

/** Each cycle once, from its alphabetically first image, ending where it began. */
function findCycles({ images }: Factory): string[][] {
  return Object.keys(images).flatMap((start) => {
    const path = [start];
    for (let at = parentOf(images[start]); at !== undefined; at = parentOf(images[at])) {
      if (at === start) return path.every((other) => start <= other) ? [[...path, start]] : [];
      if (path.includes(at)) return [];
      path.push(at);
    }
    return [];
  });
}

const parentOf = (image: Image | undefined): string | undefined =>
  image && "image" in image.parent ? image.parent.image : undefined;

const quoted = (choices: readonly string[]): string => choices.map((choice) => `"${choice}"`).join(", ");
