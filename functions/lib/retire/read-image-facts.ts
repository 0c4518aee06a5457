import type { BuildRecord } from "../../../adapters/ledger/builds.ts";
import { listMoves } from "../../../adapters/ledger/history.ts";
import type { ImageState } from "../../../adapters/ledger/image-state.ts";
import { findRevocation } from "../../../adapters/ledger/revocations.ts";
import { findBack } from "../../../core/plan-rollback.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { readObstacles } from "../channels/read-obstacles.ts";
import type { RetireStep } from "./retire-step.ts";

/** What an image's channels say of its builds. */
export interface ImageFacts {
  /** What a channel points at, or keeps in a region. */
  readonly pointing: ReadonlyMap<BuildArn, readonly string[]>;
  /** Where a channel would go back to. */
  readonly backFor: ReadonlyMap<BuildArn, readonly string[]>;
  /** What was ever in a channel. */
  readonly published: ReadonlySet<BuildArn>;
}

/** Whatever cannot be read is an error: what is not known to be unwanted is wanted. */
export async function readImageFacts(image: string, state: ImageState, step: RetireStep): Promise<ImageFacts> {
  const { ledger, settings } = step;
  const configured = (settings.factory.images[image]?.channels ?? []).map(({ name }) => name);
  const names = [...new Set([...configured, ...Object.keys(state.channels)])];
  const pointing = new Map<BuildArn, string[]>();
  const backFor = new Map<BuildArn, string[]>();
  const published = new Set<BuildArn>();
  for (const channel of names) {
    const moves = await listMoves(ledger, image, channel);
    const ever = moves.flatMap(({ build }) => build ?? []);
    for (const build of ever) published.add(build);
    const current = state.channels[channel];
    if (!current) continue;
    add(pointing, current.build, channel);
    published.add(current.build);
    for (const [region, { build }] of Object.entries(current.behind ?? {})) {
      if (build) add(pointing, build, `${channel} in ${region}`);
    }
    const back = findBack(moves, current.build, await readObstacles(image, ever, step));
    if (back) add(backFor, back, channel);
  }
  return { pointing, backFor, published };
}

function add(to: Map<BuildArn, string[]>, build: BuildArn, channel: string): void {
  to.set(build, [...(to.get(build) ?? []), channel]);
}

/**
 * How many builds that can still be used are newer than each of these, up to `keep` of them.
 * @param builds those that were in a channel and are there still
 */
export async function countNewer(
  builds: readonly BuildRecord[],
  keep: number,
  { ledger }: RetireStep,
): Promise<ReadonlyMap<BuildArn, number>> {
  const newer = new Map<BuildArn, number>();
  let count = 0;
  for (const { build } of builds.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))) {
    newer.set(build, count);
    if (count < keep && !(await findRevocation(ledger, build))) count++;
  }
  return newer;
}
