import { readFindings } from "../../../adapters/image-builder.ts";
import { type Evidence, type Finding, summariseFindings } from "../../../core/evidence.ts";
import { stepEnd, type WorkflowStep } from "../../../core/workflow-steps.ts";
import type { EvidenceStep, Piece, Subject } from "./evidence-step.ts";

/** Every CVE finding of Inspector's scan of the test's instance. */
export async function collectFindings(
  { build }: Subject,
  scan: string,
  steps: readonly WorkflowStep[],
  { clients, now }: EvidenceStep,
): Promise<Piece<Pick<Evidence, "cve">> & { findings: Finding[] }> {
  const findings = await readFindings(clients.imageBuilder, build);
  const at = stepEnd(steps, "TEST", "CollectImageScanFindings") ?? now.toISOString();
  return {
    findings,
    found: { cve: { scan, ...summariseFindings(findings) } },
    sources: [{ piece: "cve", source: "imagebuilder:ListImageScanFindings", at }],
  };
}
