import {
  type EC2Client,
  type ImageUsageReport,
  paginateDescribeImageUsageReportEntries,
  paginateDescribeImageUsageReports,
} from "@aws-sdk/client-ec2";
import { combinedToken } from "../../core/build/reasons.ts";
import type { FleetBuild, FleetPlace, FleetUse } from "../../core/fleet/facts.ts";
import type { BuildArn } from "../../events/ids.ts";
import { requestDisuseReport } from "../retirement/disuse.ts";

/** The resource types that a report must count to cover a whole fleet. */
const COUNTED = ["ec2:Instance", "ec2:LaunchTemplate"] as const;

/** Reports per call; EC2's limit is not documented. */
const REPORTS_A_CALL = 50;

/** EC2's reports on one AMI. */
export interface AmiReports {
  /** The newest one that covers all accounts and both kinds of use. */
  readonly newest?: { readonly asOf: string; readonly uses: readonly FleetUse[] };
  /** Since when a report is being prepared. */
  readonly pendingSince?: string;
  /** Why the last report is unusable, if it is and none is being prepared. */
  readonly why?: string;
}

/**
 * All of EC2's reports on the account's own AMIs in a region, by any requester: EC2 keeps them for 30 days (EC2
 * user guide, "View your AMI usage").
 * @returns by AMI; AMIs without a report are left out
 */
export async function listReports(client: EC2Client): Promise<ReadonlyMap<string, AmiReports>> {
  const reports: ImageUsageReport[] = [];
  for await (const page of paginateDescribeImageUsageReports({ client }, {})) {
    reports.push(...(page.ImageUsageReports ?? []));
  }
  const byAmi = Map.groupBy(reports.toSorted(byTime), ({ ImageId }) => ImageId ?? "");
  const newest = [...byAmi.values()].flatMap((some) => some.findLast(isComplete)?.ReportId ?? []);
  const uses = await readUses(client, newest);
  return new Map(
    [...byAmi].map(([ami, some]) => {
      const complete = some.findLast(isComplete);
      const pending = some.find(({ State }) => State === "pending");
      const last = some.at(-1);
      return [
        ami,
        {
          ...(complete && { newest: { asOf: timeOf(complete), uses: uses.get(complete.ReportId ?? "") ?? [] } }),
          ...(pending && { pendingSince: timeOf(pending) }),
          ...(last && last !== complete && !pending && { why: whyNot(last) }),
        },
      ];
    }),
  );
}

const timeOf = ({ CreationTime }: ImageUsageReport): string => (CreationTime ?? new Date(0)).toISOString();

const byTime = (a: ImageUsageReport, b: ImageUsageReport): number => timeOf(a).localeCompare(timeOf(b));

const lackingIn = ({ ResourceTypes = [] }: ImageUsageReport): string[] =>
  COUNTED.filter((kind) => !ResourceTypes.some(({ ResourceType }) => ResourceType === kind));

const isComplete = (report: ImageUsageReport): boolean =>
  report.State === "available" && !report.AccountIds?.length && lackingIn(report).length === 0;

function whyNot(report: ImageUsageReport): string {
  const day = timeOf(report).slice(0, 10);
  if (report.State !== "available") {
    return `EC2's report of ${day} failed: ${report.StateReason ?? report.State ?? "no reason given"}`;
  }
  if (report.AccountIds?.length) return `EC2's report of ${day} covers only some accounts`;
  return `EC2's report of ${day} does not count ${lackingIn(report).join(", ")}`;
}

async function readUses(client: EC2Client, reports: readonly string[]): Promise<ReadonlyMap<string, FleetUse[]>> {
  const uses = new Map(reports.map((report) => [report, new Map<string, FleetUse>()]));
  for (let at = 0; at < reports.length; at += REPORTS_A_CALL) {
    const ReportIds = reports.slice(at, at + REPORTS_A_CALL);
    for await (const page of paginateDescribeImageUsageReportEntries({ client }, { ReportIds })) {
      for (const { ReportId = "", AccountId = "", ResourceType, UsageCount = 0 } of page.ImageUsageReportEntries ??
        []) {
        const own = uses.get(ReportId);
        const { instances, launchTemplates } = own?.get(AccountId) ?? { instances: 0, launchTemplates: 0 };
        const isInstance = ResourceType === "ec2:Instance";
        own?.set(AccountId, {
          account: AccountId,
          instances: instances + (isInstance ? UsageCount : 0),
          launchTemplates: launchTemplates + (isInstance ? 0 : UsageCount),
        });
      }
    }
  }
  return new Map([...uses].map(([report, own]) => [report, [...own.values()]]));
}

/** A report may lack the last day's instances in any case. */
const RECENT_MS = 24 * 3_600_000;

export interface Asked {
  /** AMIs with a newly requested report. */
  readonly count: number;
  /** AMIs with a report in preparation, or one of the last day. */
  readonly spared: number;
  readonly refused: readonly { readonly build: BuildArn; readonly region: string; readonly why: string }[];
}

/**
 * Requests a usage report of each AMI without a recent or pending one: EC2 prepares one per AMI at a time (EC2 user
 * guide, "Amazon EC2 AMI quotas"). Regions run in parallel, AMIs of a region in sequence. AMIs with unreadable reports
 * are included, so that EC2's error is reported.
 */
export async function askReports(
  builds: readonly FleetBuild[],
  { ec2, now }: { readonly ec2: (region: string) => EC2Client; readonly now: Date },
): Promise<Asked> {
  const all = builds.flatMap(({ build, places }) => places.map((place) => ({ build, place })));
  const due = all.filter(({ place }) => isDue(place, now));
  const byRegion = Map.groupBy(due, ({ place }) => place.region);
  const refused = await Promise.all(
    [...byRegion].map(async ([region, some]) => {
      const failures: Asked["refused"][number][] = [];
      for (const { build, place } of some) {
        try {
          await requestDisuseReport(
            ec2(region),
            place.amiId,
            combinedToken(["fleet", build, region, now.toISOString()]),
          );
        } catch (failure) {
          failures.push({ build, region, why: failure instanceof Error ? failure.message : String(failure) });
        }
      }
      return failures;
    }),
  );
  return { count: due.length - refused.flat().length, spared: all.length - due.length, refused: refused.flat() };
}

const isDue = ({ known, pendingSince }: FleetPlace, now: Date): boolean =>
  pendingSince === undefined && (known.state === "unknown" || now.getTime() - Date.parse(known.asOf) > RECENT_MS);
