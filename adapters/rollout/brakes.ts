import { type CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { GetCalendarStateCommand, type SSMClient } from "@aws-sdk/client-ssm";

/** Why an account's change calendars block changes; all of them must be open. @returns undefined where they are */
export async function whyClosed(client: SSMClient, calendars: readonly string[]): Promise<string | undefined> {
  if (calendars.length === 0) return undefined;
  const { State, NextTransitionTime } = await client.send(
    new GetCalendarStateCommand({ CalendarNames: [...calendars] }),
  );
  if (State === "OPEN") return undefined;
  const until = NextTransitionTime ? ` until ${NextTransitionTime}` : "";
  return `a change calendar of its account is closed${until}`;
}

/** The alarms of these names that are already in ALARM: a refresh that watches them would fail at once. */
export async function listAlarming(client: CloudWatchClient, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: [...names], StateValue: "ALARM" }),
  );
  return [...MetricAlarms, ...CompositeAlarms].flatMap(({ AlarmName }) => AlarmName ?? []);
}
