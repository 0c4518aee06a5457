import { expect, test } from "vitest";
import { ACCOUNT, newEvents, REGION } from "./new-events.ts";

type Tags = readonly { readonly Key: string; readonly Value: string }[];
const arnOf = (service: string, what: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${what}`;
const EventPattern = JSON.stringify({ source: ["amint"] });
const alarm = {
  ...{ AlarmName: "a", Namespace: "AWS/States", MetricName: "ExecutionsFailed", Statistic: "Sum", Period: 300 },
  ...{ EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
};
const first: Tags = [{ Key: "n", Value: "1" }];
const second: Tags = [{ Key: "n", Value: "2" }];

const RESOURCES = [
  ["a bus", "events", arnOf("events", "event-bus/b")],
  ["a rule", "events", arnOf("events", "rule/b/r")],
  ["a rule of the default bus", "events", arnOf("events", "rule/r")],
  ["an alarm", "monitoring", arnOf("cloudwatch", "alarm:a")],
  ["a topic", "sns", arnOf("sns", "t")],
] as const;

async function tagged() {
  const world = newEvents();
  const { events, monitoring, sns } = world;
  await events("CreateEventBus", { Name: "b", Tags: first });
  await events("PutRule", { Name: "r", EventBusName: "b", EventPattern, Tags: first });
  await events("PutRule", { Name: "r", EventPattern, Tags: first });
  await monitoring("PutMetricAlarm", { ...alarm, Tags: first });
  await sns("CreateTopic", { Name: "t", Tags: first });
  return world;
}

test.each(RESOURCES)("%s has the tags that it was made with, and they change", async (_, service, arn) => {
  const { [service]: call } = await tagged();
  const resource = service === "sns" ? { ResourceArn: arn } : { ResourceARN: arn };
  const tags = async () => (await call<{ Tags: Tags }>("ListTagsForResource", resource)).Tags;

  const made = await tags();
  await call("TagResource", { ...resource, Tags: [...second, { Key: "other", Value: "x" }] });
  const changed = await tags();
  await call("UntagResource", { ...resource, TagKeys: ["other"] });

  expect(made).toEqual(first);
  expect(changed).toEqual([...second, { Key: "other", Value: "x" }]);
  expect(await tags()).toEqual(second);
});

test("a rule or an alarm that is put again keeps its tags", async () => {
  const { events, monitoring } = await tagged();

  await events("PutRule", { Name: "r", EventPattern, Tags: second });
  await monitoring("PutMetricAlarm", { ...alarm, Tags: second });

  for (const [, service, arn] of RESOURCES.slice(2, 4)) {
    const call = service === "events" ? events : monitoring;
    expect(await call("ListTagsForResource", { ResourceARN: arn })).toEqual({ Tags: first });
  }
});

test.each(RESOURCES)("%s that does not exist has none", async (_, service, arn) => {
  const { [service]: call } = newEvents();
  const resource = service === "sns" ? { ResourceArn: arn } : { ResourceARN: arn };

  await expect(call("ListTagsForResource", resource)).rejects.toMatchObject({
    code: expect.stringMatching(/^ResourceNotFound/),
  });
});
