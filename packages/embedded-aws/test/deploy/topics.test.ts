import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import type { BlueprintResource } from "../../src/deploy/blueprint.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { policy } from "../policy.ts";
import { reference, smallBlueprint } from "./small-blueprint.ts";

const TopicArn = "arn:aws:sns:eu-west-1:111122223333:notices";
const topic = (inputs: object): BlueprintResource => ({
  name: "Notices",
  region: "eu-west-1",
  type: "aws:sns/topic:Topic",
  inputs: { name: "notices", ...inputs },
});
const email: BlueprintResource = {
  name: "Mail",
  region: "eu-west-1",
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs: { topic: reference("Notices", "arn"), protocol: "email", endpoint: "ops@example.com" },
};

function site() {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)) });
  const caller = { principal: accountPrincipal("111122223333"), region: "eu-west-1" };
  const call = <Output>(operation: string, input: object) => aws.call<Output>("sns", operation, input, caller);
  const put = (...resources: BlueprintResource[]) =>
    deploy(aws, { ...smallBlueprint(), resources }, { root: import.meta.dirname, secrets: {} });
  return { call, put };
}

test("a topic's attributes and tags follow the program, and its policy stays if the program has none", async () => {
  const { call, put } = site();
  const Policy = policy();
  await put(topic({ policy: Policy, httpSuccessFeedbackSampleRate: 10, tags: { team: "images", stage: "test" } }));

  await put(topic({ sqsSuccessFeedbackSampleRate: 20, tags: { team: "platform" } }));

  const { Attributes } = await call<{ Attributes: Record<string, string> }>("GetTopicAttributes", { TopicArn });
  expect(Attributes).toMatchObject({ Policy, SQSSuccessFeedbackSampleRate: "20" });
  expect(Attributes).not.toHaveProperty("HTTPSuccessFeedbackSampleRate");
  expect(await call("ListTagsForResource", { ResourceArn: TopicArn })).toEqual({
    Tags: [{ Key: "team", Value: "platform" }],
  });
});

test("an unconfirmed subscription is removed with its topic", async () => {
  const { call, put } = site();
  await put(topic({}), email);

  await put();

  expect(await call("ListTopics", {})).toEqual({ Topics: [] });
});
