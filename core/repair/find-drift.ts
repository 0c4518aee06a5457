import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Pointed } from "../channel/held-regions.ts";
import { regionsOfChannel } from "../channel/regions.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import type { PromotionPlan } from "../promotion/plan-promotion.ts";
import { entities, intersection, type LaunchPermission, missingFrom, union } from "../share/launch-permission.ts";

/** Whatever moves a channel or shares a build has ended by then, its retries and Parameter Store's own checks, too. */
const PATIENCE_MS = 30 * 60_000;

/** Whether something has stood for so long that nobody is at it any more. */
export const isLeft = (since: string, now: Date): boolean => now.getTime() - Date.parse(since) > PATIENCE_MS;

/** A parameter that does not say what the ledger says; undefined stands for no parameter. */
export interface ParameterDrift {
  readonly region: string;
  readonly says: string | undefined;
  readonly wanted: ArtifactId | undefined;
}

/**
 * The regions whose parameter of a channel differs from the ledger.
 * @param amis where the channel points, by region; none where it points at nothing
 * @param says what the parameters say, by region
 */
export function findParameterDrift(
  amis: Readonly<Record<string, ArtifactId>>,
  says: ReadonlyMap<string, string | undefined>,
): ParameterDrift[] {
  const found = [...says].map(([region, value]) => ({ region, says: value, wanted: amis[region] }));
  return found.filter(({ says: value, wanted }) => value !== wanted);
}

interface ShareDrift {
  /** What the factory gave, the config still gives, and is not there any more. */
  readonly removed: LaunchPermission;
  /** What neither the factory gave nor the config gives. */
  readonly added: LaunchPermission;
}

/**
 * How an AMI's launch permissions differ from what was shared.
 * @param actual who may launch it
 * @param given what the ledger says was added, for all channels together
 * @param configured by now: by the channel that is looked at, and by all that point at the AMI. What the config took back
 *   is not given again
 */
export function findShareDrift(
  actual: LaunchPermission,
  given: LaunchPermission,
  configured: { readonly own: LaunchPermission; readonly all: LaunchPermission },
): ShareDrift {
  return {
    removed: missingFrom(actual, intersection(given, configured.own)),
    added: missingFrom(union(given, configured.all), actual),
  };
}

export const isEmpty = (permission: LaunchPermission): boolean => entities(permission).length === 0;

/** Where a channel points, and since when nobody has been at it. */
interface Standing extends Pointed {
  readonly movedAt: string;
  readonly changedAt?: string | undefined;
}

interface CatchUp {
  readonly build: BuildArn;
  /** As a promotion's plan, for the regions that are behind alone. Nobody is asked again, and one region is enough. */
  readonly again: PromotionPlan;
}

/**
 * What brings the regions up that do not have what an image's channels point at, one plan for each build. A channel that
 * was moved a moment ago is left to those who move it.
 * @param channels where they point, by name
 */
export function planCatchUps(
  factory: Pick<Factory, "regions" | "buildRegion">,
  image: Pick<Image, "regions" | "channels">,
  channels: Readonly<Record<string, Standing>>,
  now: Date,
): CatchUp[] {
  const behind = image.channels.flatMap((channel) => {
    const pointed = channels[channel.name];
    if (!pointed || !isLeft(pointed.changedAt ?? pointed.movedAt, now)) return [];
    const regions = regionsOfChannel(factory, image, channel).filter((region) => !pointed.amis[region]);
    return regions.length > 0 ? [{ name: channel.name, build: pointed.build, regions }] : [];
  });
  return [...Map.groupBy(behind, ({ build }) => build)].map(([build, those]) => ({
    build,
    again: {
      distribute: [...new Set(those.flatMap(({ regions }) => regions))]
        .filter((region) => region !== factory.buildRegion)
        .map((region) => ({ region })),
      channels: those.map(({ name, regions }) => ({ name, regions, quorum: 0, soakSeconds: 0 })),
    },
  }));
}
