import { SSMClient } from "@aws-sdk/client-ssm";
import { ec2State, findImage } from "embedded-aws/state";
import { expect, test } from "vitest";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { requireSameBilling } from "../../core/evidence/billing-code.ts";
import { startScenario } from "../world/scenario.ts";
import { HOUR, MINUTE } from "../world/time.ts";

const AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

test("AMIs with equal or unknown billing codes pass", () => {
  const linux = { ami: "ami-1", usageOperation: "RunInstances" };
  const redHat = { ami: "ami-2", usageOperation: "RunInstances:0010" };
  const unknown = { ami: "ami-3", usageOperation: undefined };

  requireSameBilling("The copy", redHat, { ...redHat, ami: "ami-4" });
  requireSameBilling("The copy", unknown, redHat);
  requireSameBilling("The copy", redHat, unknown);
  expect(() => requireSameBilling("The copy in us-east-1", linux, redHat)).toThrow(
    "The copy in us-east-1 ami-1 has the UsageOperation RunInstances, but its source ami-2 has RunInstances:0010.",
  );
});

test("a build with another billing code than its parent is not promoted, and the notice shows the difference", async () => {
  const factory = await startScenario();
  const { aws } = factory.booted;
  await factory.request("al2023-base");
  await factory.pass(5 * MINUTE);
  const parent = (await readParameter(factory.client(SSMClient), AL2023)) ?? "";
  Object.assign(findImage(aws, "eu-west-1", parent) ?? {}, { usageOperation: "RunInstances:0010" });

  await factory.pass(3 * HOUR);

  const [failed] = factory.said("promotion.failed");
  expect(failed).toMatchObject({
    image: "al2023-base",
    error: "BillingCodeChanged",
    cause: expect.stringContaining(`has the UsageOperation RunInstances, but its source ${parent} has`),
  });
  expect(factory.said("channel.moved")).toEqual([]);
  expect(factory.slack.messages.at(-1)?.text).toMatch(/promotion of build .* failed/);
});

test("a copy that lost its billing code fails the promotion", async () => {
  const factory = await startScenario();
  const { aws } = factory.booted;
  await factory.request("al2023-base");
  const copies = () => [...aws.state(ec2State, "111122223333", "us-east-1").images.values()];
  for (let n = 0; n < 180 && copies().length === 0; n++) await factory.pass(MINUTE / 2);
  Object.assign(copies()[0] ?? {}, { usageOperation: "RunInstances:0002" });

  await factory.pass(3 * HOUR);

  expect(copies()).toHaveLength(1);
  expect(factory.said("promotion.failed")).toMatchObject([
    {
      cause: expect.stringContaining(
        `The copy in us-east-1 ${copies()[0]?.id} has the UsageOperation RunInstances:0002`,
      ),
    },
  ]);
  expect(factory.said("channel.moved")).toEqual([]);
});
