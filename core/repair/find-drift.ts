import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { type Pointed, regionsOfChannel } from "../channel/regions.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import type { PromotionPlan } from "../promotion/plan-promotion.ts";
import { entities, intersection, type LaunchPermission, missingFrom, union } from "../share/launch-permission.ts";

/** Moving a channel or sharing a build, with retries and Parameter Store's validation, ends within this time. */
const PATIENCE_MS = 30 * 60_000;

/** Whether a change is old enough that no function still works on it. */
export const isLeft = (since: string, now: Date): boolean => now.getTime() - Date.parse(since) > PATIENCE_MS;

/** A parameter whose value differs from the ledger; undefined means no parameter. */
export interface ParameterDrift {
  readonly region: string;
  readonly says: string | undefined;
  readonly wanted: ArtifactId | undefined;
}

/**
 * The regions whose parameter of a channel differs from the ledger.
 * @param amis the channel's AMIs by region; empty if it has no build
 * @param says the parameters' values by region
 */
export function findParameterDrift(
  amis: Readonly<Record<string, ArtifactId>>,
  says: ReadonlyMap<string, string | undefined>,
): ParameterDrift[] {
  const found = [...says].map(([region, value]) => ({ region, says: value, wanted: amis[region] }));
  return found.filter(({ says: value, wanted }) => value !== wanted);
}

interface ShareDrift {
  /** Permissions that the factory added and the config still has, but that are missing. */
  readonly removed: LaunchPermission;
  /** Permissions that neither the factory added nor the config has. */
  readonly added: LaunchPermission;
}

/**
 * How an AMI's launch permissions differ from the recorded shares.
 * @param actual the AMI's launch permissions
 * @param given the permissions that the ledger records as added, for all channels together
 * @param configured the config's current permissions, for the compared channel and for all channels that point at the AMI.
 *   Permissions that were removed from the config are not added again
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

/** Where a channel points, and when it last changed. */
interface Standing extends Pointed {
  readonly movedAt: string;
  readonly changedAt?: string | undefined;
}

interface CatchUp {
  readonly build: BuildArn;
  /** A promotion's plan for the regions that are behind. It needs no approval, and one region is enough. */
  readonly again: PromotionPlan;
}

/**
 * Plans to update the regions that do not have the builds of an image's channels, one plan for each build. Channels that
 * changed recently are skipped, because the promotion may still be working on them.
 * @param channels by name
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
