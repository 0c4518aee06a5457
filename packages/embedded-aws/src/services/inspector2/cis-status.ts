import type { CisFindingStatus, StatusCounts } from "@aws-sdk/client-inspector2";
import type { CisCheck } from "./state.ts";

/** What an agent could not evaluate, or what does not apply, shows as skipped: AWS does not document which is which. */
export const findingStatus = ({ status }: CisCheck): CisFindingStatus =>
  status === "PASSED" || status === "FAILED" ? status : "SKIPPED";

export function statusCounts(checks: readonly CisCheck[]): Required<Record<keyof StatusCounts, number>> {
  const count = (wanted: CisFindingStatus): number => checks.filter((one) => findingStatus(one) === wanted).length;
  return { failed: count("FAILED"), skipped: count("SKIPPED"), passed: count("PASSED") };
}
