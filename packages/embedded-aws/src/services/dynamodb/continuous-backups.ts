import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { ContinuousBackupsDescription } from "@aws-sdk/client-dynamodb";
import type { Operations } from "../../engine/operation.ts";
import { extrasOf } from "./find-table.ts";
import type { Place } from "./run-dynalite.ts";
import { onTable } from "./table-arn.ts";

const DAY = 86_400_000;
const RECOVERY_DAYS = 35;
/** AWS restores up to five minutes ago. */
const LAG = 5 * 60_000;

export const operations = {
  UpdateContinuousBackups: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run({ TableName, PointInTimeRecoverySpecification }, call) {
      const extras = extrasOf(call, TableName);
      const enabled = PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled;
      extras.recoverableFrom = enabled ? (extras.recoverableFrom ?? call.aws.clock.now()) : undefined;
      return { ContinuousBackupsDescription: describeBackups(call, TableName) };
    },
  },
  DescribeContinuousBackups: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run: ({ TableName }, call) => ({ ContinuousBackupsDescription: describeBackups(call, TableName) }),
  },
} satisfies Operations<typeof Sdk>;

function describeBackups(place: Place, table: string | undefined): ContinuousBackupsDescription {
  const { recoverableFrom } = extrasOf(place, table);
  const now = place.aws.clock.now();
  return {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription:
      recoverableFrom === undefined
        ? { PointInTimeRecoveryStatus: "DISABLED" }
        : {
            PointInTimeRecoveryStatus: "ENABLED",
            RecoveryPeriodInDays: RECOVERY_DAYS,
            EarliestRestorableDateTime: new Date(Math.max(recoverableFrom, now - RECOVERY_DAYS * DAY)),
            LatestRestorableDateTime: new Date(Math.max(recoverableFrom, now - LAG)),
          },
  };
}
