import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError, type Call } from "../../../engine/operation.ts";
import { reportFaultOf } from "../../../faults/interference.ts";

/** What a report can count (EC2 API reference, ImageUsageResourceTypeRequest). */
export const COUNTED = ["ec2:Instance", "ec2:LaunchTemplate"] as const;
export type Counted = (typeof COUNTED)[number];

/** One account's use of an image. */
export interface UsageEntry {
  readonly account: string;
  readonly type: Counted;
  readonly count: number;
}

export interface UsageReport {
  readonly id: string;
  readonly imageId: string;
  readonly types: readonly Counted[];
  /** Number of launch template versions to check, newest first. */
  readonly versionDepth: number;
  /** The requested accounts; empty: all. */
  readonly accounts: readonly string[];
  readonly createdAt: number;
  state: "pending" | "available" | "error";
  /** For the state `error`. */
  stateReason: string | undefined;
  entries: readonly UsageEntry[];
}

interface ReportsState {
  /** By id, oldest first. */
  readonly reports: Map<string, UsageReport>;
  /** The report created with each client token. */
  readonly tokens: Map<string, string>;
}

export const reportsState = defineState<ReportsState>("ec2.usage-reports", () => ({
  reports: new Map(),
  tokens: new Map(),
}));

const DAY_MS = 86_400_000;

/** EC2 deletes a report 30 days after it was created (EC2 user guide, "View your AMI usage"). */
export const KEPT_MS = 30 * DAY_MS;

/** One of the caller's reports. @throws InvalidImageUsageReportId.NotFound */
export function requireReport({ aws, account, region }: Call, id: string): UsageReport {
  const report = aws.state(reportsState, account, region).reports.get(id);
  if (report) return report;
  throw new AwsError("InvalidImageUsageReportId.NotFound", `The image usage report '${id}' does not exist`);
}

/** How a report fails: it ends in `error`, or stays `pending` until EC2 deletes it. */
export type ReportFault = "error" | "pending";

type Simulation = (imageId: string) => ReportFault | undefined;

const simulated = defineState("ec2.usage-reports-simulation", (): { current: Simulation | undefined } => ({
  current: undefined,
}));

/** From now on the account's reports in the region fail as `simulation` says; undefined: they succeed. */
export function simulateUsageReports(
  aws: EmbeddedAws,
  account: string,
  region: string,
  simulation: Simulation | undefined,
): void {
  aws.state(simulated, account, region).current = simulation;
}

/** How a requested report fails; undefined: it becomes available. */
export function faultOfReport(call: Call, imageId: string): ReportFault | undefined {
  const { current } = call.aws.state(simulated, call.account, call.region);
  return current ? current(imageId) : reportFaultOf(call);
}
