import { AwsError } from "../../../engine/aws-error.ts";
import type { Call } from "../../../engine/operation.ts";
import { reportsState, type UsageReport } from "./usage-report.ts";

/** A report of the caller's. @throws InvalidImageUsageReportId.NotFound */
export function requireReport({ aws, account, region }: Call, id: string): UsageReport {
  const report = aws.state(reportsState, account, region).reports.get(id);
  if (report) return report;
  throw new AwsError("InvalidImageUsageReportId.NotFound", `The image usage report '${id}' does not exist`, {
    status: 400,
  });
}
