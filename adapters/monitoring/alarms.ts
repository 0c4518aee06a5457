import { type CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";

export interface RaisedAlarm {
  readonly name: string;
  readonly description: string;
  /** When it went into ALARM; ISO 8601. */
  readonly since: string | undefined;
}

/** The metric alarms in ALARM whose names begin with `prefix`: one call for each hundred. */
export async function listRaisedAlarms(client: CloudWatchClient, prefix: string): Promise<RaisedAlarm[]> {
  const asked = { AlarmNamePrefix: prefix, StateValue: "ALARM" as const };
  const raised: RaisedAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, asked)) {
    for (const { AlarmName = "", AlarmDescription = "", StateUpdatedTimestamp } of MetricAlarms)
      raised.push({ name: AlarmName, description: AlarmDescription, since: StateUpdatedTimestamp?.toISOString() });
  }
  return raised;
}
