import { regionsOfChannel, regionsOfImage } from "../channel/regions.ts";
import type { Factory } from "./factory-schema.ts";

type Images = Factory["images"];

/** Regions that an image or channel cannot have, and quorums that cannot be met. */
export function checkRegions(factory: Factory): string[] {
  const { buildRegion, regions, images } = factory;
  return [
    ...checkList("regions", regions, { buildRegion }),
    ...Object.entries(images).flatMap(([name, image]) => [
      ...checkList(`images.${name}.regions`, image.regions, { buildRegion, within: regions }),
      ...image.channels.flatMap((channel, nth) =>
        checkChannel(factory, `images.${name}.channels[${nth}]`, image, channel),
      ),
      ...checkParent(factory, name, image),
    ]),
  ];
}

/** A child starts from the build that its parent's channel points at in the build region. */
function checkParent(factory: Factory, name: string, { parent }: Images[string]): string[] {
  if (!("image" in parent)) return [];
  const ancestor = factory.images[parent.image];
  const channel = ancestor?.channels.find((one) => one.name === parent.channel);
  if (!ancestor || !channel || regionsOfChannel(factory, ancestor, channel).includes(factory.buildRegion)) return [];
  const at = `images.${name}.parent`;
  return [`${at}: expected a channel that is published in the build region, found "${parent.image}/${parent.channel}"`];
}

function checkChannel(
  factory: Factory,
  at: string,
  image: Images[string],
  channel: Images[string]["channels"][number],
): string[] {
  const faults = checkList(`${at}.regions`, channel.regions, { within: regionsOfImage(factory, image) });
  const count = regionsOfChannel(factory, image, channel).length;
  if (channel.quorum !== undefined && channel.quorum > count) {
    faults.push(`${at}.quorum: expected at most ${count}, the number of its regions, found ${channel.quorum}`);
  }
  return faults;
}

interface Expected {
  readonly buildRegion?: string;
  readonly within?: readonly string[];
}

function checkList(at: string, regions: readonly string[] | undefined, { buildRegion, within }: Expected): string[] {
  if (!regions) return [];
  const faults: string[] = [];
  if (buildRegion !== undefined && !regions.includes(buildRegion)) {
    faults.push(`${at}: must contain the build region "${buildRegion}", found ${JSON.stringify(regions)}`);
  }
  if (new Set(regions).size < regions.length)
    faults.push(`${at}: expected each region once, found ${JSON.stringify(regions)}`);
  for (const region of regions) {
    if (within && !within.includes(region)) {
      faults.push(`${at}: expected regions of ${JSON.stringify(within)}, found "${region}"`);
    }
  }
  return faults;
}
