import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { ContinuousBackupsDescription } from "@aws-sdk/client-dynamodb";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { extrasOf, onTable } from "./find-table.ts";
import type { Place } from "./run-dynalite.ts";

const DAY = 86_400_000;
/** Default recovery period (DynamoDB developer guide, "Point-in-time recovery"). */
const RECOVERY_DAYS = 35;

/** The latest restorable time in AWS is five minutes ago. */
const LAG = 5 * 60_000;

export const operations = {
  UpdateContinuousBackups: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run({ TableName, PointInTimeRecoverySpecification }, call) {
      const extras = extrasOf(call, TableName);
      const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = PointInTimeRecoverySpecification ?? {};
      const { recovery } = extras;
      const days = RecoveryPeriodInDays ?? recovery?.days ?? RECOVERY_DAYS;
      extras.recovery = PointInTimeRecoveryEnabled
        ? { since: recovery?.since ?? call.aws.clock.now(), days }
        : undefined;
      return { ContinuousBackupsDescription: describeBackups(call, TableName) };
    },
  },
  DescribeContinuousBackups: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: ({ TableName }, call) => ({ ContinuousBackupsDescription: describeBackups(call, TableName) }),
  },
  UpdateTimeToLive: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run({ TableName, TimeToLiveSpecification }, call) {
      const extras = extrasOf(call, TableName);
      const { Enabled = false, AttributeName = "" } = TimeToLiveSpecification ?? {};
      if (Enabled === (extras.timeToLive !== undefined)) {
        const message = `TimeToLive is already ${Enabled ? "enabled" : "disabled"}`;
        throw new AwsError("ValidationException", message);
      }
      extras.timeToLive = Enabled ? AttributeName : undefined;
      return { TimeToLiveSpecification };
    },
  },
  DescribeTimeToLive: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run({ TableName }, call) {
      const { timeToLive } = extrasOf(call, TableName);
      return {
        TimeToLiveDescription:
          timeToLive === undefined
            ? { TimeToLiveStatus: "DISABLED" }
            : { TimeToLiveStatus: "ENABLED", AttributeName: timeToLive },
      };
    },
  },
} satisfies Operations<typeof Sdk>;

function describeBackups(place: Place, table: string | undefined): ContinuousBackupsDescription {
  const { recovery } = extrasOf(place, table);
  const now = place.aws.clock.now();
  return {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription:
      recovery === undefined
        ? { PointInTimeRecoveryStatus: "DISABLED" }
        : {
            PointInTimeRecoveryStatus: "ENABLED",
            RecoveryPeriodInDays: recovery.days,
            EarliestRestorableDateTime: new Date(Math.max(recovery.since, now - recovery.days * DAY)),
            LatestRestorableDateTime: new Date(Math.max(recovery.since, now - LAG)),
          },
  };
}
