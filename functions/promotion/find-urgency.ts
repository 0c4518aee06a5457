import { urgentAdvisoriesOf } from "../../adapters/advisories/urgent-advisories.ts";
import { type BuildRecord, buildOf } from "../../adapters/build/builds.ts";
import { findGate } from "../../adapters/evidence/evidence.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { type UrgentRequest, urgentRequestOf } from "../../adapters/promotion/urgent-requests.ts";
import { decideUrgency } from "../../core/advisories/urgency.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { Urgency } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

interface Found {
  /** Undefined where the ledger does not have the build. */
  readonly record: BuildRecord | undefined;
  /** Why it is urgent now; undefined where it is not. */
  readonly urgency: Urgency | undefined;
  readonly request: UrgentRequest | undefined;
}

/**
 * A build's record, and whether it is urgent now. Where the image's config says what is urgent, a build that follows its
 * parent is as urgent as the parent's build was at its gate.
 */
export async function findUrgency(
  { image, build }: { readonly image: string; readonly build: BuildArn },
  { ledger, settings }: Pick<Invocation, "ledger" | "settings">,
): Promise<Found> {
  const asked = [buildOf(image, build), urgentAdvisoriesOf(image), urgentRequestOf(build)] as const;
  const [record, urgent, request] = await readBatch(ledger, asked);
  const triggers = record?.triggers ?? [];
  const rule = requireImage(settings.factory, image).urgent;
  const follows = rule && triggers.findLast((trigger) => trigger.kind === "parent");
  const gate = follows && (await findGate(ledger, follows.parentBuild));
  const parent = follows && gate?.urgent ? { image: follows.parent, urgency: gate.urgent } : undefined;
  return { record, urgency: decideUrgency({ triggers, urgent, request, parent }), request };
}
