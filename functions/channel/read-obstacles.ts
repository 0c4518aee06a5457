import { buildOf } from "../../adapters/build/builds.ts";
import { whyGateNotPassed } from "../../adapters/evidence/evidence.ts";
import { readBatchOf } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { whetherUndone } from "../../adapters/promotion/promotion.ts";
import { goneOf } from "../../adapters/retirement/leftovers.ts";
import { type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import type { Obstacle } from "../../core/channel/plan-rollback.ts";
import { sayArtifact } from "../../core/containers/container-image.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { findStates } from "../share/artifact-of.ts";

/** How many of a channel's builds are considered. */
const MOST = 50;

type FindObstacle = (build: BuildArn) => Obstacle;

/**
 * Why a channel cannot roll back to each of these builds, newest first: revoked, undone, rejected by its gate, or
 * retired (AMI missing or disabled in the build region). One EC2 call, beside the ledger's.
 */
export async function readObstacles(
  image: string,
  builds: readonly BuildArn[],
  invocation: Invocation,
): Promise<FindObstacle> {
  const obstaclesFor = await readAllObstacles([{ image, builds }], invocation);
  return obstaclesFor(builds);
}

/** An image, and the builds that one of its channels had. */
export interface Trail {
  readonly image: string;
  readonly builds: readonly BuildArn[];
}

/** The same for several channels, with one lookup for all builds. */
export async function readAllObstacles(
  trails: readonly Trail[],
  invocation: Invocation,
): Promise<(builds: readonly BuildArn[]) => FindObstacle> {
  const { ledger, settings } = invocation;
  const imageOf = new Map(
    trails.flatMap(({ image, builds }) => lastOf(builds).map((build) => [build, image] as const)),
  );
  const facts = await readRecorded(ledger, imageOf);
  const amis = [...facts.values()].flatMap(([record]): ArtifactId[] => (record?.amiId ? [record.amiId] : []));
  const states = await findStates(settings.factory.buildRegion, amis, invocation);
  const found = new Map<BuildArn, Obstacle>();
  for (const [build, [record, ...recorded]] of facts) {
    found.set(build, toObstacle(recorded) ?? retired(record?.amiId, states));
  }
  return (builds) => {
    const looked = new Set(lastOf(builds));
    return (build) => (looked.has(build) ? found.get(build) : `was left more than ${MOST} builds ago`);
  };
}

const lastOf = (builds: readonly BuildArn[]): BuildArn[] => [...new Set(builds.toReversed())].slice(0, MOST);

const readRecorded = (ledger: Ledger, imageOf: ReadonlyMap<BuildArn, string>) =>
  readBatchOf(
    ledger,
    imageOf.keys(),
    (build) =>
      [
        buildOf(imageOf.get(build) ?? "", build),
        revocationOf(build),
        goneOf(build),
        whetherUndone(build),
        whyGateNotPassed(build),
      ] as const,
  );

/** What the ledger alone says against a build, without a look at its AMIs: for functions that may not describe them. */
export async function readRecordedObstacle(ledger: Ledger, image: string, build: BuildArn): Promise<Obstacle> {
  const [[, ...recorded] = []] = (await readRecorded(ledger, new Map([[build, image]]))).values();
  return recorded.length > 0 ? toObstacle(recorded as Recorded) : undefined;
}

type Recorded = readonly [
  revoked: Revocation | undefined,
  gone: { readonly at: string } | undefined,
  undone: boolean,
  rejected: string | undefined,
];

function toObstacle([revoked, gone, undone, rejected]: Recorded): Obstacle {
  if (revoked) return `was revoked by ${revoked.by} (${revoked.reason})`;
  if (gone) return `is retired since ${gone.at.slice(0, 10)} (\`amint restore\` restores it while it is only disabled)`;
  if (undone) return "failed in its promotion, which was undone";
  return rejected === undefined ? undefined : "did not pass its gate";
}

function retired(ami: ArtifactId | undefined, states: ReadonlyMap<string, string>): Obstacle {
  if (!ami) return "has no AMI";
  const state = states.get(ami);
  if (state === undefined) return `is retired: its ${sayArtifact(ami)} no longer exists`;
  return state === "available" ? undefined : `is retired: its ${sayArtifact(ami)} is ${state}`;
}
