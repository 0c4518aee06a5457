import { recordOutcome, recordStart } from "../../adapters/build/builds.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { recordCopy } from "../../adapters/promotion/promotion.ts";
import type { Trigger } from "../../events/build.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { HOME } from "./factory-of.ts";

interface Built {
  readonly image: string;
  readonly build: BuildArn;
  /** By region; where it was built is among them. */
  readonly outputs: Readonly<Record<string, ArtifactId>>;
  /** When it was started, was available, and was judged. */
  readonly at: string;
  readonly trigger?: Trigger;
  /** Left out: nobody judged it yet. */
  readonly gate?: { readonly verdict: "passed" | "rejected"; readonly needsApproval?: true };
}

/** Has the ledger know a build that was made, copied to its regions and judged. */
export async function recordBuilt(
  ledger: Ledger,
  { image, build, outputs, at, trigger = { kind: "manual", requestedBy: "ada" }, gate }: Built,
): Promise<void> {
  const { [HOME]: amiId, ...copies } = outputs;
  await recordStart(ledger, { image, build, startedAt: at, triggers: [trigger] });
  await recordOutcome(ledger, { image, build }, { status: "available", endedAt: at, amiId });
  for (const [region, copied] of Object.entries(copies)) {
    await recordCopy(ledger, build, { region, copy: build, amiId: copied });
  }
  if (gate) await recordGate(ledger, build, { ...gate, reasons: [], decidedAt: at });
}
