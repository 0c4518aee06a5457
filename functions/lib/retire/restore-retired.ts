import { putEvent } from "../../../adapters/bus.ts";
import { findRetirement, type RetiredRegion } from "../../../adapters/ledger/retirements.ts";
import { entities } from "../../../core/launch-permission.ts";
import { buildRestored } from "../../../events/build-revoked.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { ArtifactStep } from "../channels/channel-step.ts";
import { takeBack } from "./take-back.ts";

/**
 * Takes the retirement of a build back that this invocation claimed, whatever it has come to, and tells people.
 * @returns undefined where none was begun, or it was taken back before
 */
export async function restoreRetired(
  { image, build, by, reason }: Asked,
  step: ArtifactStep,
): Promise<{ image: string; build: BuildArn; shared: Shared[]; sharedWith: string[] } | undefined> {
  const { retirement, regions } = await findRetirement(step.ledger, build);
  const begun = [...regions.values()].some(({ done, saved, deprecatedBefore }) => done ?? saved ?? deprecatedBefore);
  if (!retirement || !(begun || retirement.givingBack || retirement.stage === "condemned")) return undefined;
  const taken = await takeBack({ retirement, regions }, "deprecated", step);
  const shared = taken.map(({ region, amiId }) => ({ region, amiId }));
  await putEvent(step.bus, buildRestored, { image, build, by, reason, shared });
  return { image, build, shared, sharedWith: [...new Set(taken.flatMap(saysWhom))] };
}

interface Asked {
  readonly image: string;
  readonly build: BuildArn;
  readonly by: string;
  readonly reason: string;
}
type Shared = Pick<RetiredRegion, "region" | "amiId">;

const saysWhom = ({ saved }: RetiredRegion): string[] => (saved ? entities(saved.permission) : []);
