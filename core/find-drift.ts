import type { ArtifactId } from "../events/ids.ts";
import { entities, intersection, type LaunchPermission, missingFrom, union } from "./launch-permission.ts";

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

export interface ShareDrift {
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
