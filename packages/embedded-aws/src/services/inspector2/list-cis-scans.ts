import type * as Sdk from "@aws-sdk/client-inspector2";
import type { CisScan, ListCisScansCommandInput, ListCisScansSortBy } from "@aws-sdk/client-inspector2";
import type { Operations } from "../../engine/operation.ts";
import { inOrder, passesDates, passesNumbers, passesStrings, passesTags } from "./cis-filters.ts";
import { statusCounts } from "./cis-status.ts";
import { type CisScanRecord, inspectorState } from "./state.ts";

const ORDERS: Readonly<Record<ListCisScansSortBy, (scan: CisScan) => string | number | undefined>> = {
  STATUS: ({ status }) => status,
  SCHEDULED_BY: ({ scheduledBy }) => scheduledBy,
  SCAN_START_DATE: ({ scanDate }) => scanDate?.getTime(),
  FAILED_CHECKS: ({ failedChecks }) => failedChecks,
};

export const operations = {
  ListCisScans: {
    // Whatever is asked for: `CisScanList` of the API's model.
    list: { items: "scans", most: 50 },
    run(input, { aws, account, region }) {
      const records = [...aws.state(inspectorState, account, region).cisScans.values()];
      const passing = records.filter((record) => passes(record, input)).map(toScan);
      return { scans: inOrder(passing, input.sortBy && ORDERS[input.sortBy], input.sortOrder) };
    },
  },
} satisfies Operations<typeof Sdk>;

function toScan({ scan, targets }: CisScanRecord): CisScan {
  const { failed, passed, skipped } = statusCounts(targets.flatMap(({ checks }) => checks));
  if (scan.status === "IN_PROGRESS") return { ...scan };
  return { ...scan, failedChecks: failed, totalChecks: failed + passed + skipped };
}

function passes({ scan, targets }: CisScanRecord, { filterCriteria: wanted }: ListCisScansCommandInput): boolean {
  const tags = Object.entries(scan.targets?.targetResourceTags ?? {});
  const { failed } = statusCounts(targets.flatMap(({ checks }) => checks));
  return (
    passesStrings(wanted?.scanNameFilters, [scan.scanName]) &&
    passesStrings(wanted?.scanArnFilters, [scan.scanArn]) &&
    passesStrings(wanted?.scanConfigurationArnFilters, [scan.scanConfigurationArn]) &&
    passesStrings(wanted?.scanStatusFilters, [scan.status]) &&
    passesStrings(wanted?.scheduledByFilters, [scan.scheduledBy]) &&
    passesStrings(wanted?.targetAccountIdFilters, scan.targets?.accountIds ?? []) &&
    passesStrings(
      wanted?.targetResourceIdFilters,
      targets.map(({ instanceId }) => instanceId),
    ) &&
    passesTags(wanted?.targetResourceTagFilters, tags) &&
    passesNumbers(wanted?.failedChecksFilters, failed) &&
    passesDates(wanted?.scanAtFilters, scan.scanDate)
  );
}
