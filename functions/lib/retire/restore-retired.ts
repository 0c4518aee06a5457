import { putEvent } from "../../../adapters/bus.ts";
import { findRetirement, type RetiredRegion } from "../../../adapters/ledger/retirements.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { entities } from "../../../core/launch-permission.ts";
import { buildRestored } from "../../../events/build-revoked.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { ArtifactStep } from "../channels/channel-step.ts";
import { takeBack } from "./take-back.ts";

/** @throws BuildDeregistered where retirement has begun to deregister it */
export async function requireNotDeregistered(build: BuildArn, ledger: Ledger): Promise<void> {
  const { retirement } = await findRetirement(ledger, build);
  if (retirement?.stage === "deregistered") throw new BuildDeregistered(build, retirement.at);
}

/**
 * Takes a build's retirement back, whatever it has come to, and tells people.
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
  if (!taken) throw new RetirementWentOn(build);
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

class BuildDeregistered extends Error {
  override readonly name = "BuildDeregistered";
  readonly code = "BUILD_DEREGISTERED";

  constructor(build: BuildArn, at: string) {
    super(
      `${build} is not restored: its AMIs are being deregistered since ${at}. Where a rule of the Recycle Bin keeps them, they can be restored from there, by hand; else ask for another build.`,
    );
  }
}

/** The daily run went on with it at this very moment. */
class RetirementWentOn extends Error {
  override readonly name = "RetirementWentOn";
  readonly code = "RETIREMENT_WENT_ON";

  constructor(build: BuildArn) {
    super(`While ${build} was being restored, its retirement went on; ask again.`);
  }
}
