import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import factory from "../../factory.config.ts";
import { type Scenario, startScenario } from "../world/scenario.ts";
import { HOUR } from "../world/time.ts";

const IMAGE = "al2023-base";
const CANARY = factory.consumers!.canary!.account;

/** Channel, region and accounts with how far each got, in the order of the events. */
const verified = (scenario: Scenario) =>
  scenario
    .said("share.verified")
    .filter(({ image }) => image === IMAGE)
    .map(({ channel, region, accounts }) => [
      channel,
      region,
      (accounts as { account: string; proof: string }[]).map(({ account, proof }) => `${account} ${proof}`).sort(),
    ]);

test("what is deployed asks each channel's consumers before it moves, and leaves no canary standing", async () => {
  const scenario = await startScenario();
  await scenario.request(IMAGE);
  await scenario.passUntil(() => scenario.said("channel.moved", IMAGE).length === 2);

  const allVerified = factory
    .consumers!.verify.map((id) => `${id} ${id === CANARY ? "launched" : "decryptable"}`)
    .sort();
  expect(scenario.said("share.failed")).toEqual([]);
  expect(verified(scenario).sort()).toEqual([
    ["candidate", "eu-west-1", [`${CANARY} launched`]],
    ["candidate", "us-east-1", [`${CANARY} launched`]],
    ["stable", "eu-west-1", allVerified],
    ["stable", "us-east-1", allVerified],
  ]);
  expect(scenario.said("channel.moved").flatMap(({ image, channel }) => (image === IMAGE ? channel : []))).toEqual([
    "candidate",
    "stable",
  ]);
  for (const region of factory.regions) {
    const { Reservations = [] } = await scenario.ec2(region, CANARY).send(new DescribeInstancesCommand({}));
    const standing = Reservations.flatMap(({ Instances = [] }) => Instances);
    expect(standing.filter(({ State }) => State?.Name !== "terminated")).toEqual([]);
  }
});

test("a right that is removed from the consumer's role stops the promotion, which names it", {
  tags: "deep",
}, async () => {
  const scenario = await startScenario();
  // StackSets takes its time.
  await scenario.pass(HOUR);
  const iam = new IAMClient(scenario.optionsOf(CANARY, "us-east-1"));
  const at = { RoleName: `amint-${factory.name}-consumer`, PolicyName: "verify" };
  const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(at));
  const policy = JSON.parse(decodeURIComponent(PolicyDocument)) as { Statement: { Sid: string }[] };
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== "UseKeys");
  await iam.send(new PutRolePolicyCommand({ ...at, PolicyDocument: JSON.stringify({ ...policy, Statement }) }));

  await scenario.request(IMAGE);
  await scenario.pass(12 * HOUR);

  const told = scenario.said("share.failed");
  expect(told.map(({ account, region, proof }) => [account, region, proof]).sort()).toEqual([
    [CANARY, "eu-west-1", "decryptable"],
    [CANARY, "us-east-1", "decryptable"],
  ]);
  expect(told[0]?.missing).toMatch(
    /^kms:DescribeKey on arn:aws:kms:.* denied by the policy of the role amint-acme-consumer$/,
  );
  expect(scenario.said("channel.moved")).toEqual([]);
  expect(scenario.said("promotion.failed")).toMatchObject([{ cause: expect.stringContaining("kms:DescribeKey") }]);
});
