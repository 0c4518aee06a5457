import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Channel } from "../factory/channel-schema.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import { quorumOf, regionsOfChannel } from "./regions.ts";

/** What a region's parameter of a channel points at. */
export interface Held {
  readonly build: BuildArn;
  readonly amiId: ArtifactId;
}

/** A region without the channel's build: why, and what it keeps; nothing where it never had any, or may not keep it. */
export interface Behind {
  readonly why: string;
  readonly build?: BuildArn | undefined;
  readonly amiId?: ArtifactId | undefined;
}

type Regions<Value> = Readonly<Record<string, Value>>;

/** Where a channel points: the build's AMIs, and what regions keep that do not have it. */
export interface Pointed {
  readonly build: BuildArn;
  readonly amis: Regions<ArtifactId>;
  readonly behind?: Regions<Behind> | undefined;
}

/** What a region has of a channel; undefined where it has nothing. */
export function heldIn(pointed: Pointed | undefined, region: string): Held | undefined {
  const artifact = pointed?.amis[region];
  if (pointed && artifact) return { build: pointed.build, amiId: artifact };
  const kept = pointed?.behind?.[region];
  return kept?.build && kept.amiId ? { build: kept.build, amiId: kept.amiId } : undefined;
}

/** What the parameters of all regions are to say; a region that is not among them has none. */
export function parametersOf(pointed: Pointed | undefined): Record<string, ArtifactId> {
  const regions = [...Object.keys(pointed?.amis ?? {}), ...Object.keys(pointed?.behind ?? {})];
  return Object.fromEntries(
    regions.flatMap((region) => {
      const held = heldIn(pointed, region);
      return held ? [[region, held.amiId]] : [];
    }),
  );
}

/** Where a channel is published, as the config has it, and how many of these regions must have a build. */
export interface RegionRule {
  readonly regions: readonly string[];
  readonly quorum: number;
  /** Must have it in any case, where it is among them: children are built there. */
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

/** Whether a build may be a channel's when these regions have it. */
export const isEnough = ({ regions, quorum, buildRegion }: RegionRule, have: readonly string[]): boolean =>
  regions.filter((region) => have.includes(region)).length >= quorum &&
  (have.includes(buildRegion) || !regions.includes(buildRegion));

/**
 * The regions that a channel leaves behind when it points at a build that others have. Each keeps what it has; one that
 * the channel is not published in any more is left alone in the same way.
 * @param current what the channel pointed at before
 * @param have the regions that have the build
 * @param why of each region that should have it, as far as it is known
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
    return held ? [[region, { why: "the channel is not published there any more", ...held }]] : [];
  });
  return Object.fromEntries([...missing, ...given]);
}

/** In words: which regions do not have the build, and why. */
export const sayBehind = (behind: Regions<Pick<Behind, "why">>): string =>
  Object.entries(behind)
    .map(([region, { why }]) => `${region} (${why})`)
    .join("; ");
