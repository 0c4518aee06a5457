import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Channel } from "../factory/channel-schema.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";

/** The regions of an image: its own, else the factory's. The build region is one of them. */
export const regionsOfImage = ({ regions }: Pick<Factory, "regions">, image: Pick<Image, "regions">) =>
  image.regions ?? regions;

/** The regions of a channel: its own, else its image's. */
export const regionsOfChannel = (
  factory: Pick<Factory, "regions">,
  image: Pick<Image, "regions">,
  channel: Pick<Channel, "regions">,
): readonly string[] => channel.regions ?? regionsOfImage(factory, image);

/** How many of its regions must have a build before the channel moves. */
export const quorumOf = (regions: readonly string[], { quorum }: Pick<Channel, "quorum">): number =>
  quorum ?? regions.length;

/** The regions with a container image's builds: the build region, then those of its channels. */
export const regionsOfBuilds = (
  factory: Pick<Factory, "buildRegion" | "regions">,
  image: Pick<Image, "regions" | "channels">,
): readonly string[] => [
  ...new Set([factory.buildRegion, ...image.channels.flatMap((channel) => regionsOfChannel(factory, image, channel))]),
];

/** The build that a channel's parameter in a region points at. */
export interface Held {
  readonly build: BuildArn;
  readonly amiId: ArtifactId;
}

/** A region without the channel's build: why, and the build that it keeps, if any. */
interface Behind {
  readonly why: string;
  readonly build?: BuildArn | undefined;
  readonly amiId?: ArtifactId | undefined;
}

type Regions<Value> = Readonly<Record<string, Value>>;

/** Where a channel points: the build's AMIs, and the builds of regions that do not have it. */
export interface Pointed {
  readonly build: BuildArn;
  readonly amis: Regions<ArtifactId>;
  readonly behind?: Regions<Behind> | undefined;
}

/** The build that a channel has in a region; undefined if none. */
export function heldIn(pointed: Pointed | undefined, region: string): Held | undefined {
  const artifact = pointed?.amis[region];
  if (pointed && artifact) return { build: pointed.build, amiId: artifact };
  const kept = pointed?.behind?.[region];
  return kept?.build && kept.amiId ? { build: kept.build, amiId: kept.amiId } : undefined;
}

/** The values of the channel's parameters by region; regions that are not listed have no parameter. */
export function parametersOf(pointed: Pointed | undefined): Record<string, ArtifactId> {
  const regions = [...Object.keys(pointed?.amis ?? {}), ...Object.keys(pointed?.behind ?? {})];
  return Object.fromEntries(
    regions.flatMap((region) => {
      const held = heldIn(pointed, region);
      return held ? [[region, held.amiId]] : [];
    }),
  );
}

/** The regions in which a channel is published, and how many of them must have a build. */
export interface RegionRule {
  readonly regions: readonly string[];
  readonly quorum: number;
  /** If it is among the regions, it must have the build: children are built there. */
  readonly buildRegion: string;
  /** All of the factory's. */
  readonly all: readonly string[];
}

export function ruleOf(
  factory: Pick<Factory, "regions" | "buildRegion">,
  image: Pick<Image, "regions">,
  channel: Pick<Channel, "regions" | "quorum">,
): RegionRule {
  const regions = regionsOfChannel(factory, image, channel);
  return { regions, quorum: quorumOf(regions, channel), buildRegion: factory.buildRegion, all: factory.regions };
}

/** Whether a channel may point at a build that these regions have. */
export const isEnough = ({ regions, quorum, buildRegion }: RegionRule, have: readonly string[]): boolean =>
  regions.filter((region) => have.includes(region)).length >= quorum &&
  (have.includes(buildRegion) || !regions.includes(buildRegion));

/**
 * The regions without the build when a channel moves to it. Each keeps its current build, as do regions in which the channel
 * is no longer published.
 * @param current what the channel points at before the move
 * @param have the regions that have the build
 * @param why the reason by region, as far as known
 */
export function leaveBehind(
  { regions, all }: RegionRule,
  current: Pointed | undefined,
  have: readonly string[],
  why: ReadonlyMap<string, string>,
): Regions<Behind> {
  const missing = regions
    .filter((region) => !have.includes(region))
    .map((region): [string, Behind] => [
      region,
      { why: why.get(region) ?? "it is not shared there", ...heldIn(current, region) },
    ]);
  const given = all.flatMap((region): [string, Behind][] => {
    const held = regions.includes(region) ? undefined : heldIn(current, region);
    return held ? [[region, { why: "the channel is no longer published there", ...held }]] : [];
  });
  return Object.fromEntries([...missing, ...given]);
}

/** Which regions do not have the build, and why, in words. */
export const sayBehind = (behind: Regions<Pick<Behind, "why">>): string =>
  Object.entries(behind)
    .map(([region, { why }]) => `${region} (${why})`)
    .join("; ");
