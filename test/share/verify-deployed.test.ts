import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import factory from "../../factory.config.ts";
import { type Scenario, startScenario } from "../world/scenario.ts";

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
