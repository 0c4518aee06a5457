import type * as Sdk from "@aws-sdk/client-ec2";
import type { Call, Operations } from "../../../engine/operation.ts";
import { toPredicate } from "../filters.ts";
import { requirePageSize } from "../refusals.ts";
import { tagReader, toTags } from "../resource-tags.ts";
import { KEPT_MS, reportsState, requireReport, type UsageEntry, type UsageReport } from "./usage-report.ts";

interface Chosen {
  readonly ReportIds?: string[] | undefined;
  readonly ImageIds?: string[] | undefined;
}

function chosen({ ReportIds = [], ImageIds = [] }: Chosen, call: Call): UsageReport[] {
  const { reports } = call.aws.state(reportsState, call.account, call.region);
  for (const id of ReportIds) requireReport(call, id);
  return [...reports.values()].filter(
    ({ id, imageId }) =>
      (ReportIds.length === 0 || ReportIds.includes(id)) && (ImageIds.length === 0 || ImageIds.includes(imageId)),
  );
}

const isoOf = (at: number): string => new Date(at).toISOString();

const toReport = (report: UsageReport, tags: ReadonlyMap<string, string>): Sdk.ImageUsageReport => ({
  ImageId: report.imageId,
  ReportId: report.id,
  ResourceTypes: report.types.map((ResourceType) => ({
    ResourceType,
    ...(ResourceType === "ec2:LaunchTemplate" && {
      ResourceTypeOptions: [{ OptionName: "version-depth", OptionValues: [String(report.versionDepth)] }],
    }),
  })),
  ...(report.accounts.length > 0 && { AccountIds: [...report.accounts] }),
  State: report.state,
  ...(report.stateReason !== undefined && { StateReason: report.stateReason }),
  CreationTime: new Date(report.createdAt),
  ExpirationTime: new Date(report.createdAt + KEPT_MS),
  ...(tags.size > 0 && { Tags: toTags(tags) }),
});

export const operations = {
  DescribeImageUsageReports: {
    list: "ImageUsageReports",
    run(input, call) {
      const tags = tagReader(call.aws, call);
      const passes = toPredicate<UsageReport>(
        input.Filters,
        { "creation-time": ({ createdAt }) => isoOf(createdAt), state: ({ state }) => state },
        ({ id }) => tags(id),
      );
      const reports = chosen(input, call).filter(passes);
      requirePageSize(input.MaxResults, 1, 1000);
      return { ImageUsageReports: reports.map((report) => toReport(report, tags(report.id))) };
    },
  },
  /** Entries of existing reports; a pending one has none yet. */
  DescribeImageUsageReportEntries: {
    list: "ImageUsageReportEntries",
    run(input, call) {
      const entries = chosen(input, call).flatMap((report) => report.entries.map((entry) => ({ report, entry })));
      const passes = toPredicate<{ report: UsageReport; entry: UsageEntry }>(input.Filters, {
        "account-id": ({ entry }) => entry.account,
        "creation-time": ({ report }) => isoOf(report.createdAt),
        "resource-type": ({ entry }) => entry.type,
      });
      requirePageSize(input.MaxResults, 1, 1000);
      return {
        ImageUsageReportEntries: entries.filter(passes).map(
          ({ report, entry }): Sdk.ImageUsageReportEntry => ({
            ResourceType: entry.type,
            ReportId: report.id,
            UsageCount: entry.count,
            AccountId: entry.account,
            ImageId: report.imageId,
            ReportCreationTime: new Date(report.createdAt),
          }),
        ),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
