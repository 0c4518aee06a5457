import type * as Sdk from "@aws-sdk/client-inspector2";
import type { Call, Operations } from "../../engine/operation.ts";
import {
  findingStatus,
  inOrder,
  passesDates,
  passesNumbers,
  passesStrings,
  passesTags,
  statusCounts,
} from "./cis-filters.ts";
import {
  badRequest,
  type CisCheck,
  type CisScanRecord,
  type CisSession,
  type CisTarget,
  conflict,
  inspectorState,
} from "./state.ts";

export const operations = {
  ListCisScans: {
    // At most 50 per page: `CisScanList` in the API's model.
    list: { items: "scans", most: 50 },
    run(input, { aws, account, region }) {
      const records = [...aws.state(inspectorState, account, region).cisScans.values()];
      const passing = records.filter((record) => passes(record, input)).map(toScan);
      return { scans: inOrder(passing, input.sortBy && ORDERS[input.sortBy], input.sortOrder) };
    },
  },
  ListCisScanResultsAggregatedByTargetResource: {
    list: "targetResourceAggregations",
    run(input, call) {
      const all = requireTargets(call, input.scanArn)
        .filter((target) => passesTarget(target, call.account, input.filterCriteria))
        .map(
          (target): Sdk.CisTargetResourceAggregation => ({
            scanArn: input.scanArn,
            targetResourceId: target.instanceId,
            accountId: call.account,
            targetResourceTags: Object.fromEntries([...target.tags].map(([key, value]) => [key, [value]])),
            statusCounts: statusCounts(target.checks),
            platform: target.platform,
            targetStatus: target.status,
            targetStatusReason: target.reason,
          }),
        );
      const by = input.sortBy && TARGET_ORDERS[input.sortBy];
      return { targetResourceAggregations: inOrder(all, by, input.sortOrder) };
    },
  },
  /** Every check of one instance. */
  GetCisScanResultDetails: {
    list: "scanResultDetails",
    run(input, call) {
      const { scanArn, targetResourceId, accountId, sortBy, sortOrder } = input;
      const target = requireTargets(call, scanArn).find(({ instanceId }) => instanceId === targetResourceId);
      const checks = accountId === call.account ? (target?.checks ?? []) : [];
      const all = checks
        .map((check) => toDetails(check, target, input, call))
        .filter((details) => passesDetails(details, input.filterCriteria));
      const by = {
        CHECK_ID: (one: Sdk.CisScanResultDetails) => one.checkId,
        STATUS: (one: Sdk.CisScanResultDetails) => one.status,
      };
      return { scanResultDetails: inOrder(all, sortBy && by[sortBy], sortOrder) };
    },
  },
  /** Called by the Systems Manager agent's Inspector plugin, with the permissions of the instance's role. */
  StartCisSession: {
    run({ scanJobId, message }, call) {
      const job = requireJob(call, scanJobId);
      if (job.token !== undefined) throw conflict(`The scan job ${scanJobId} already has a session.`);
      job.token = message?.sessionToken;
    },
  },
  SendCisSessionHealth: {
    run(input, call) {
      requireSession(call, { scanJobId: input.scanJobId, sessionToken: input.sessionToken });
    },
  },
  SendCisSessionTelemetry: {
    run({ scanJobId, sessionToken, messages }, call) {
      const { told } = requireSession(call, { scanJobId, sessionToken });
      for (const { ruleId, status } of messages ?? []) if (ruleId && status) told.set(ruleId, status);
    },
  },
  StopCisSession: {
    run({ scanJobId, sessionToken }, call) {
      requireSession(call, { scanJobId, sessionToken }).stopped = true;
    },
  },
} satisfies Operations<typeof Sdk>;

const ORDERS: Readonly<Record<Sdk.ListCisScansSortBy, (scan: Sdk.CisScan) => string | number | undefined>> = {
  STATUS: ({ status }) => status,
  SCHEDULED_BY: ({ scheduledBy }) => scheduledBy,
  SCAN_START_DATE: ({ scanDate }) => scanDate?.getTime(),
  FAILED_CHECKS: ({ failedChecks }) => failedChecks,
};

function toScan({ scan, targets }: CisScanRecord): Sdk.CisScan {
  const { failed, passed, skipped } = statusCounts(targets.flatMap(({ checks }) => checks));
  if (scan.status === "IN_PROGRESS") return { ...scan };
  return { ...scan, failedChecks: failed, totalChecks: failed + passed + skipped };
}

function passes({ scan, targets }: CisScanRecord, { filterCriteria: wanted }: Sdk.ListCisScansCommandInput): boolean {
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

/** None of these operations has a documented error for a scan that does not exist. */
function requireTargets({ aws, account, region }: Call, scanArn: string | undefined): readonly CisTarget[] {
  const record = aws.state(inspectorState, account, region).cisScans.get(scanArn ?? "");
  if (!record) throw badRequest(`The CIS scan ${scanArn} does not exist.`);
  return record.targets;
}

const TARGET_ORDERS: Readonly<
  Record<
    Sdk.CisScanResultsAggregatedByTargetResourceSortBy,
    (target: Sdk.CisTargetResourceAggregation) => string | number | undefined
  >
> = {
  RESOURCE_ID: ({ targetResourceId }) => targetResourceId,
  FAILED_COUNTS: ({ statusCounts: counts }) => counts?.failed,
  ACCOUNT_ID: ({ accountId }) => accountId,
  PLATFORM: ({ platform }) => platform,
  TARGET_STATUS: ({ targetStatus }) => targetStatus,
  TARGET_STATUS_REASON: ({ targetStatusReason }) => targetStatusReason,
};

const passesTarget = (
  { instanceId, tags, platform, status, reason, checks }: CisTarget,
  account: string,
  wanted: Sdk.CisScanResultsAggregatedByTargetResourceFilterCriteria | undefined,
): boolean =>
  passesStrings(wanted?.accountIdFilters, [account]) &&
  passesStrings(wanted?.targetResourceIdFilters, [instanceId]) &&
  passesStrings(wanted?.platformFilters, [platform]) &&
  passesStrings(wanted?.targetStatusFilters, [status]) &&
  passesStrings(wanted?.targetStatusReasonFilters, [reason]) &&
  passesStrings(wanted?.statusFilters, checks.map(findingStatus)) &&
  passesStrings(
    wanted?.checkIdFilters,
    checks.map(({ checkId }) => checkId),
  ) &&
  passesTags(
    wanted?.targetResourceTagFilters,
    [...tags].map(([key, value]) => [key, [value]]),
  ) &&
  passesNumbers(wanted?.failedChecksFilters, statusCounts(checks).failed);

const toDetails = (
  check: CisCheck,
  target: CisTarget | undefined,
  { scanArn, targetResourceId }: Sdk.GetCisScanResultDetailsCommandInput,
  { account, region }: Call,
): Sdk.CisScanResultDetails => ({
  scanArn,
  accountId: account,
  targetResourceId,
  platform: target?.platform,
  status: findingStatus(check),
  checkId: check.checkId,
  title: check.title,
  level: check.level === 2 ? "LEVEL_2" : "LEVEL_1",
  findingArn: `arn:aws:inspector2:${region}:${account}:owner/${account}/cis-finding/${check.findingId}`,
});

const passesDetails = (
  { status, checkId, title, level, findingArn }: Sdk.CisScanResultDetails,
  wanted: Sdk.CisScanResultDetailsFilterCriteria | undefined,
): boolean =>
  passesStrings(wanted?.findingStatusFilters, [status]) &&
  passesStrings(wanted?.checkIdFilters, [checkId]) &&
  passesStrings(wanted?.titleFilters, [title]) &&
  passesStrings(wanted?.securityLevelFilters, [level]) &&
  passesStrings(wanted?.findingArnFilters, [findingArn]);

/** A job belongs to the instance that it was assigned to. */
function requireJob(call: Call, scanJobId: string | undefined): CisSession {
  const job = call.aws.state(inspectorState, call.account, call.region).cisSessions.get(scanJobId ?? "");
  if (!job || job.principalArn !== call.principal.arn)
    throw badRequest(`The scan job ${scanJobId} does not exist, or belongs to another instance.`);
  if (job.stopped) throw conflict(`The session of the scan job ${scanJobId} has stopped.`);
  return job;
}

function requireSession(
  call: Call,
  { scanJobId, sessionToken }: { scanJobId: string | undefined; sessionToken: string | undefined },
): CisSession {
  const job = requireJob(call, scanJobId);
  if (job.token === undefined || job.token !== sessionToken) {
    throw badRequest(`The session token does not belong to the scan job ${scanJobId}.`);
  }
  return job;
}
