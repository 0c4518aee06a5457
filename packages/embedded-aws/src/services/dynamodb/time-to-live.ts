import type * as Sdk from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { extrasOf } from "./find-table.ts";
import { onTable } from "./table-arn.ts";

export const operations = {
  UpdateTimeToLive: {
    authorize: ({ TableName }, call) => onTable(call, TableName),
    run({ TableName, TimeToLiveSpecification }, call) {
      const extras = extrasOf(call, TableName);
      const { Enabled = false, AttributeName = "" } = TimeToLiveSpecification ?? {};
      if (Enabled === (extras.timeToLive !== undefined)) {
        const message = `TimeToLive is already ${Enabled ? "enabled" : "disabled"}`;
        throw new AwsError("ValidationException", message, { status: 400 });
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
