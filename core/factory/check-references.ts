import { checkPrices } from "../cost/check-prices.ts";
import { findNeverBuilt } from "../schedule/blackout.ts";
import { checkApprovals, checkConsumers, checkExports, checkRecipients } from "./check-channels.ts";
import { checkComponents } from "./check-components.ts";
import { checkContainers } from "./check-container.ts";
import { checkNetwork } from "./check-network.ts";
import { checkParentNames } from "./check-parent-names.ts";
import { checkParents } from "./check-parents.ts";
import { checkRegions } from "./check-regions.ts";
import { checkRollouts } from "./check-rollout.ts";
import { checkSystems } from "./check-systems.ts";
import { checkStale, checkTriggers } from "./check-triggers.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";
import { inWords } from "./values.ts";

/** Contradictions between parts of a factory that are each valid: parents, channels, regions, gates, blackouts, cycles. */
export function checkReferences(factory: Factory): string[] {
  return [
    ...checkRegions(factory),
    ...checkKeys(factory),
    ...checkNetwork(factory),
    ...checkConsumers(factory),
    ...checkContainers(factory),
    ...checkComponents(factory),
    ...checkSystems(factory),
    ...checkParents(factory),
    ...checkParentNames(factory),
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
    ...checkRecipients(factory),
    ...checkExports(factory),
    ...checkRollouts(factory),
    ...findCycles(factory).map(
      (cycle) => `images.${cycle[0]}.parent: expected no cycle of parents, found ${cycle.join(" -> ")}`,
    ),
  ];
}

function checkParent(factory: Factory, name: string, { parent, triggers, architecture, os }: Image): string[] {
  const at = `images.${name}`;
  if (!("image" in parent)) {
    return triggers.parent
      ? [`${at}.triggers.parent: requires a parent that is an image of this factory, { image, channel }`]
      : [];
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
  if (ancestor.os !== os) faults.push(`${at}.os: expected its parent's "${ancestor.os}", found "${os}"`);
  return faults;
}

function checkChannels(name: string, { channels }: Image): string[] {
  const seen = channels.map((channel) => channel.name);
  return seen
    .filter((channel, index) => seen.indexOf(channel) < index)
    .map((channel) => `images.${name}.channels: expected each name once, found "${channel}" again`);
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
      (image) =>
        `blackouts: expected a time without a blackout within a year, found none for "${image}", which would never be built`,
    ),
  ];
}

/** Each cycle once, from its alphabetically first image back to it. */
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

/** Existing keys for regions that the factory does not have, and keys of another region. */
const checkKeys = ({ keys = {}, regions }: Pick<Factory, "keys" | "regions">): string[] =>
  Object.entries(keys).flatMap(([region, arn]) => {
    const at = `keys.${region}`;
    if (!regions.includes(region))
      return [`${at}: expected one of the factory's regions ${quoted(regions)}, found "${region}"`];
    const own = arn.split(":")[3];
    return own === region ? [] : [`${at}: expected a key in ${region}, found one in ${own}: "${arn}"`];
  });

/** Routes that no notice would match, because they name images that the factory does not have. */
function checkNotify({ notify, images }: Pick<Factory, "notify" | "images">): string[] {
  const known = Object.keys(images);
  return (notify.slack?.routes ?? []).flatMap(({ images: named = [] }, index) =>
    named.flatMap((name, nth) =>
      known.includes(name)
        ? []
        : [`notify.slack.routes[${index}].images[${nth}]: expected one of ${quoted(known)}, found "${name}"`],
    ),
  );
}

/** Gates that contradict themselves. */
const checkGates = ({ images, people: approvers }: Factory): string[] =>
  Object.entries(images).flatMap(([name, image]) => {
    const { gate } = image;
    const at = `images.${name}.gate`;
    return [
      ...checkPackages(`${at}.packages`, gate),
      ...checkBaseline(`${at}.benchmark.baseline`, gate),
      ...checkParentAge(`${at}.parent.maxAge`, image, images),
      ...checkQuestions(at, gate, Object.keys(approvers).length > 0),
    ];
  });

/** A child is built after its parent's soaks, so a parent that must be younger never passes. */
function checkParentAge(at: string, { gate, parent }: Image, images: Factory["images"]): string[] {
  if (!gate.parent || gate.parent.onViolation === "ask" || !("image" in parent)) return [];
  const channels = images[parent.image]?.channels ?? [];
  const before = channels.slice(
    0,
    channels.findIndex(({ name }) => name === parent.channel),
  );
  const least = before.reduce((sum, { soak }) => sum + soak.usual, 0);
  if (gate.parent.maxAge > least) return [];
  return [
    `${at}: expected more than "${inWords(least)}", the soaks before "${parent.image}/${parent.channel}", found "${inWords(gate.parent.maxAge)}": no build could pass`,
  ];
}

/** A rule that asks for approval rejects in a factory without approvers. `drift` asks by default, so it is not checked. */
function checkQuestions(at: string, { benchmark, parent }: Image["gate"], hasPeople: boolean): string[] {
  if (hasPeople) return [];
  return Object.entries({ benchmark, parent }).flatMap(([rule, settings]) =>
    settings?.onViolation === "ask"
      ? [`${at}.${rule}.onViolation: expected "reject", or at least one people.<name>, found "ask"`]
      : [],
  );
}

function checkPackages(at: string, { packages }: Image["gate"]): string[] {
  if (!packages) return [];
  return packages.required
    .filter((name) => packages.forbidden.includes(name))
    .map((name) => `${at}: "${name}" is both required and forbidden`);
}

/** A baseline lists the accepted failures of one profile, or level. */
function checkBaseline(at: string, { benchmark }: Image["gate"]): string[] {
  if (!benchmark?.baseline) return [];
  if (benchmark.by === "inspector") {
    if (benchmark.baseline.level === benchmark.level) return [];
    return [`${at}.level: expected the gate's ${benchmark.level}, found ${benchmark.baseline.level}`];
  }
  if (benchmark.baseline.profile === benchmark.profile) return [];
  return [`${at}.profile: expected the gate's "${benchmark.profile}", found "${benchmark.baseline.profile}"`];
}

/** Retentions that would remove what a channel needs, or whose stages are in an impossible order. */
const checkRetention = ({ images }: Factory): string[] =>
  Object.entries(images).flatMap(([name, image]) => checkOne(`images.${name}.retention`, image));

function checkOne(at: string, { retention, channels }: Factory["images"][string]): string[] {
  if (!retention) return [];
  const { keep, deprecateAfter, disableAfter, retireAfter } = retention;
  const faults: string[] = [];
  // Each channel may point at a different build, and the oldest of these needs one before it for a rollback.
  const needed = channels.length + 1;
  if (keep < needed) {
    const names = channels.map((channel) => `"${channel.name}"`).join(", ");
    faults.push(
      `${at}.keep: expected at least ${needed}, a build for each channel (${names}) and one to roll back to, found ${keep}`,
    );
  }
  const waits = channels.reduce((sum, { soak, approval }) => sum + soak.usual + (approval?.timeout ?? 0), 0);
  if (deprecateAfter <= waits) {
    faults.push(
      `${at}.deprecateAfter: expected more than "${inWords(waits)}", the channels' soaks and approval timeouts together, found "${inWords(deprecateAfter)}"`,
    );
  }
  if (disableAfter <= deprecateAfter) {
    faults.push(
      `${at}.disableAfter: expected more than deprecateAfter, "${inWords(deprecateAfter)}", found "${inWords(disableAfter)}"`,
    );
  }
  if (retireAfter <= disableAfter) {
    faults.push(
      `${at}.retireAfter: expected more than disableAfter, "${inWords(disableAfter)}", found "${inWords(retireAfter)}"`,
    );
  }
  return faults;
}
