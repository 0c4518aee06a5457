import { IAM } from "@aws-sdk/client-iam";
import { expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { startAws } from "../../src/start-aws.ts";

const organization = { management: { id: "111122223333", name: "management" } };

async function openIam() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1));
  const { url, close } = await startAws({ clock, organization, port: 0 });
  onTestFinished(close);
  const credentials = { accessKeyId: "111122223333", secretAccessKey: "test" };
  return new IAM({ region: "us-east-1", endpoint: url, credentials, maxAttempts: 1 });
}

test("Auto Scaling's role is made once in an account, and a second time is refused as IAM refuses it", async () => {
  const iam = await openIam();
  const make = () => iam.createServiceLinkedRole({ AWSServiceName: "autoscaling.amazonaws.com" });

  const { Role } = await make();
  const again = await make().catch((error: Error) => error);

  const found = await iam.getRole({ RoleName: "AWSServiceRoleForAutoScaling" });
  expect(Role?.Arn).toBe(
    "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
  );
  expect(found.Role?.Arn).toBe(Role?.Arn);
  expect(again).toMatchObject({
    name: "InvalidInputException",
    message: expect.stringContaining("has been taken in this account"),
  });
});

test("roles of services that are not built here are refused, saying so", async () => {
  const iam = await openIam();

  await expect(iam.createServiceLinkedRole({ AWSServiceName: "elasticache.amazonaws.com" })).rejects.toThrow(
    "elasticache.amazonaws.com is not built in the embedded AWS",
  );
});
