import { Organizations, paginateListAccounts } from "@aws-sdk/client-organizations";
import { SSM } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import type { BlueprintResource } from "../../src/deploy/blueprint.ts";
import { deploy } from "../../src/deploy/deploy.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { startAws } from "../../src/start-aws.ts";
import { freePort } from "../free-port.ts";
import { policy } from "../policy.ts";
import { reference, smallBlueprint } from "./small-blueprint.ts";

const root = `${import.meta.dirname}/program`;
const clock = () => new VirtualClock(Date.UTC(2026, 3, 1, 8));
const organization = {
  management: { id: "999988887777", name: "management" },
  units: [{ name: "Workloads", accounts: [{ id: "444455556666", name: "shop" }] }],
  accounts: [{ id: "111122223333", name: "factory" }],
};
const credentials = { accessKeyId: "999988887777", secretAccessKey: "secret" };

test("a booted AWS serves its organization and public images over HTTP", async () => {
  const blueprint = smallBlueprint();
  const booted = await startAws(
    { clock: clock(), organization, port: 0 },
    { blueprint, root, secrets: { Token: "t" } },
  );
  const options = { region: "eu-west-1", endpoint: booted.url, credentials };

  const accounts: (string | undefined)[] = [];
  for await (const { Accounts = [] } of paginateListAccounts({ client: new Organizations(options) }, {})) {
    accounts.push(...Accounts.map(({ Id }) => Id));
  }
  const Name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
  const { Parameter } = await new SSM(options).getParameter({ Name });
  await booted.close();

  expect(accounts.sort()).toEqual(["111122223333", "444455556666", "999988887777"]);
  expect(Parameter?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
});

test("a deployment that fails leaves no server behind", async () => {
  const blueprint = smallBlueprint({ Letters: { colour: "blue" } });
  const boot = (port: number) => startAws({ clock: clock(), port }, { blueprint, root, secrets: { Token: "t" } });

  const port = await freePort();

  await expect(boot(port)).rejects.toThrow("colour");
  await expect(boot(port)).rejects.toThrow("colour");
});

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
