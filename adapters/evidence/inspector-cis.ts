import {
  type CisScan,
  type CisTargetResourceAggregation,
  DeleteCisScanConfigurationCommand,
  type Inspector2Client,
  paginateGetCisScanResultDetails,
  paginateListCisScanResultsAggregatedByTargetResource,
  paginateListCisScans,
} from "@aws-sdk/client-inspector2";
import type { InspectorScan } from "../../core/evidence/cis.ts";
import { unlessError } from "../unless-error.ts";

/** @returns the newest scan of a name with its results for an instance; undefined where there is none */
export async function readCisScan(
  client: Inspector2Client,
  name: string,
  instanceId: string,
): Promise<InspectorScan | undefined> {
  const scan = await findScan(client, name);
  if (!scan) return undefined;
  const { scanArn, scanConfigurationArn: configuration, status, securityLevel: level, scanDate } = scan;
  if (!scanArn || !configuration || !scanDate) throw new CisScanUnreadable(name, scan);
  const target = await findTarget(client, scanArn, instanceId);
  return {
    scan: {
      arn: scanArn,
      configuration,
      status: status ?? "unknown",
      level: level ?? "unknown",
      date: scanDate.toISOString(),
    },
    ...(target && { target: toTarget(target) }),
    checks: target?.accountId ? await readChecks(client, scanArn, target.accountId, instanceId) : [],
  };
}

/** Deletes a one-time scan's configuration, if it exists: their number per account is limited. */
export async function deleteCisScanConfiguration(client: Inspector2Client, arn: string): Promise<void> {
  const remove = new DeleteCisScanConfigurationCommand({ scanConfigurationArn: arn });
  await unlessError(client.send(remove), /^ResourceNotFoundException$/);
}

async function findScan(client: Inspector2Client, name: string): Promise<CisScan | undefined> {
  const found: CisScan[] = [];
  const filterCriteria = { scanNameFilters: [{ comparison: "EQUALS" as const, value: name }] };
  for await (const { scans = [] } of paginateListCisScans({ client }, { filterCriteria })) found.push(...scans);
  return found.toSorted((a, b) => (a.scanDate?.getTime() ?? 0) - (b.scanDate?.getTime() ?? 0)).at(-1);
}

async function findTarget(client: Inspector2Client, scanArn: string, instanceId: string) {
  const targetResourceIdFilters = [{ comparison: "EQUALS" as const, value: instanceId }];
  const asked = { scanArn, filterCriteria: { targetResourceIdFilters } };
  for await (const page of paginateListCisScanResultsAggregatedByTargetResource({ client }, asked)) {
    const target = page.targetResourceAggregations?.find(({ targetResourceId }) => targetResourceId === instanceId);
    if (target) return target;
  }
  return undefined;
}

function toTarget(found: CisTargetResourceAggregation): NonNullable<InspectorScan["target"]> {
  const { accountId = "", targetStatus = "unknown", targetStatusReason, platform = "unknown", statusCounts } = found;
  const { passed = 0, failed = 0, skipped = 0 } = statusCounts ?? {};
  return {
    account: accountId,
    status: targetStatus,
    ...(targetStatusReason && { reason: targetStatusReason }),
    platform,
    counts: { passed, failed, skipped },
  };
}

async function readChecks(client: Inspector2Client, scanArn: string, accountId: string, targetResourceId: string) {
  const checks: InspectorScan["checks"] = [];
  for await (const page of paginateGetCisScanResultDetails({ client }, { scanArn, accountId, targetResourceId })) {
    for (const { checkId, title, status } of page.scanResultDetails ?? []) {
      checks.push({ id: checkId ?? "unknown", status: status ?? "unknown", ...(title && { title }) });
    }
  }
  return checks;
}

/** Inspector's response lacks a scan's identifiers. */
class CisScanUnreadable extends Error {
  override readonly name = "CisScanUnreadable";

  constructor(name: string, found: CisScan) {
    super(`ListCisScans returned ${name} without ARNs or date; a retry lists again: ${JSON.stringify(found)}`);
  }
}
