import { findBuild } from "../../../adapters/ledger/builds.ts";
import { requireGatePassed } from "../../../adapters/ledger/evidence.ts";
import { findGone } from "../../../adapters/ledger/leftovers.ts";
import { isUndone } from "../../../adapters/ledger/promotion.ts";
import { findRevocation } from "../../../adapters/ledger/revocations.ts";
import { sayArtifact } from "../../../core/container-image.ts";
import type { Obstacle } from "../../../core/plan-rollback.ts";
import type { ArtifactId, BuildArn } from "../../../events/ids.ts";
import { findStates } from "../artifacts/artifact-of.ts";
import type { ArtifactStep } from "./channel-step.ts";

/** How far back a channel is looked after; EC2 takes 200 ids in one question. */
const MOST = 50;

/**
 * Why a channel of an image cannot go back to each of these builds, the last ones first: revoked, undone, refused by
 * its gate, or retired (its AMI is gone, or disabled, in the build region). One call, beside the ledger's.
 */
export async function readObstacles(
  image: string,
  builds: readonly BuildArn[],
  step: ArtifactStep,
): Promise<(build: BuildArn) => Obstacle> {
  const { ledger, settings } = step;
  const looked = [...new Set(builds.toReversed())].slice(0, MOST);
  const records = await Promise.all(looked.map((build) => findBuild(ledger, image, build)));
  const amis = records.flatMap((record): ArtifactId[] => (record?.amiId ? [record.amiId] : []));
  const states = await findStates(settings.factory.buildRegion, amis, step);
  const found = new Map<BuildArn, Obstacle>();
  for (const [index, build] of looked.entries()) {
    const ami = records[index]?.amiId;
    found.set(build, (await readObstacle(build, ledger)) ?? retired(ami, ami && states.get(ami)));
  }
  return (build) => (found.has(build) ? found.get(build) : `was left more than ${MOST} builds ago`);
}

async function readObstacle(build: BuildArn, ledger: ArtifactStep["ledger"]): Promise<Obstacle> {
  const revoked = await findRevocation(ledger, build);
  if (revoked) return `was revoked by ${revoked.by} (${revoked.reason})`;
  const gone = await findGone(ledger, build);
  if (gone) return `is retired since ${gone.at.slice(0, 10)} (\`amint restore\` gives back what is only disabled)`;
  if (await isUndone(ledger, build)) return "failed on its way, and its promotion was undone";
  try {
    await requireGatePassed(ledger, build);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "GateNotPassed") return "did not pass its gate";
    throw error;
  }
}

function retired(ami: ArtifactId | undefined, state: string | undefined): Obstacle {
  if (!ami) return "has no AMI";
  if (state === undefined) return `is retired: its ${sayArtifact(ami)} is gone`;
  return state === "available" ? undefined : `is retired: its ${sayArtifact(ami)} is ${state}`;
}
