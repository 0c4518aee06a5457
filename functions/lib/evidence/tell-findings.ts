import { type Evidence, severities } from "../../../core/evidence.ts";
import { putMetrics } from "../metrics.ts";

/** Tells CloudWatch how many findings a build has left. A scan that was not completed says nothing of them. */
export function tellFindings(factory: string, image: string, { scan, counts }: Evidence["cve"]): void {
  if (scan !== "COMPLETED") return;
  for (const severity of severities) {
    putMetrics({ factory, image, severity }, { FindingsLeft: counts[severity].all });
  }
}
