import { findBuild } from "../../../adapters/ledger/builds.ts";
import { findGate } from "../../../adapters/ledger/evidence.ts";
import type { FailedPromotion } from "../../../adapters/ledger/failed-promotions.ts";
import { readImageState } from "../../../adapters/ledger/image-state.ts";
import { findGone } from "../../../adapters/ledger/leftovers.ts";
import { findRevocation } from "../../../adapters/ledger/revocations.ts";
import { whyNotPromoted } from "../../../core/decide-promote.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

/** Why a build's promotion is not begun anew; undefined: it is. */
export async function findObstacle(
  image: string,
  build: BuildArn,
  { ledger, now }: Pick<Step, "ledger" | "now">,
  { failed, undone }: { readonly failed: FailedPromotion | undefined; readonly undone: boolean },
): Promise<string | undefined> {
  const record = await findBuild(ledger, image, build);
  if (!record) return `the factory knows no such build of ${image}`;
  const { channels } = await readImageState(ledger, image);
  const pointing = Object.entries(channels).filter(([, one]) => one.build === build);
  const facts = {
    status: record.status,
    verdict: (await findGate(ledger, build))?.verdict,
    revokedBy: (await findRevocation(ledger, build))?.by,
    gone: await findGone(ledger, build),
    failed,
    undone,
    channels: pointing.map(([name]) => name),
  };
  return whyNotPromoted(facts, now);
}
