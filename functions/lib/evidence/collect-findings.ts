import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { readFindings } from "../../../adapters/image-builder.ts";
import { type Evidence, type Finding, summariseFindings } from "../../../core/evidence.ts";
import { stepEnd, type WorkflowStep } from "../../../core/workflow-steps.ts";
import type { Step } from "../step.ts";
import type { Piece, Subject } from "./piece.ts";

/** Every CVE finding of Inspector's scan of the test's instance. */
export async function collectFindings(
  { build }: Subject,
  scan: string,
  steps: readonly WorkflowStep[],
  { client, now }: Step,
): Promise<Piece<Pick<Evidence, "cve">> & { findings: Finding[] }> {
  const findings = await readFindings(client(ImagebuilderClient), build);
  const at = stepEnd(steps, "TEST", "CollectImageScanFindings") ?? now.toISOString();
  return {
    findings,
    found: { cve: { scan, ...summariseFindings(findings) } },
    sources: [{ piece: "cve", source: "imagebuilder:ListImageScanFindings", at }],
  };
}
