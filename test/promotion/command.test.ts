// @module-tag deep
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { startFactory } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";

test("amint promote runs a promotion again that failed over a key's policy, once, and refuses one that did not fail", async () => {
  const factory = await startFactory();
  const promote = (...args: string[]) => factory.amint("promote", ...args).ended;
  const kms = new KMSClient({ ...factory.options, region: "us-east-1" });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: "alias/amint-acme-images" }));
  const KeyId = KeyMetadata?.KeyId;
  const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const policy = JSON.parse(Policy) as { Statement: { Sid: string }[] };
  const Statement = policy.Statement.filter(({ Sid }) => Sid !== "OrganizationUses");
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: JSON.stringify({ ...policy, Statement }) }));
  await factory.send("start-build", { trigger: "manual", image: "ubuntu-2404-base", requestedBy: "ada" });
  await factory.clock.runUntil(factory.clock.now() + 60_000);
  const started = factory.events.find(({ detailType }) => detailType === "build.started");
  const asked = `ubuntu-2404-base ${String(started?.detail.build).split("/").slice(2).join("/")}`;
  const count = (type: string) => factory.events.filter(({ detailType }) => detailType === type).length;

  const early = await promote(asked);
  const unreasoned = await promote(asked, "--urgent");
  const urgent = await promote(asked, "--urgent", "--reason", "exploited");
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  const failed = count("promotion.failed");
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  const again = await promote(asked, "--reason", "the key's policy is whole again");
  await factory.clock.runUntil(factory.clock.now() + 3 * HOUR);
  const late = await promote(asked);

  expect(early.stderr).toContain("it is being built; it will be promoted after it passes the gate");
  expect(early.code).toBe(1);
  expect(unreasoned.stderr).toContain("--urgent needs --reason");
  expect(urgent.stderr).toContain("was not made urgent: An urgent build needs the right to approve it");
  expect(urgent.code).toBe(1);
  expect(failed).toBe(1);
  expect(again.stdout).toMatch(/^ubuntu-2404-base \S+ is being promoted again \(attempt 2\)/);
  expect(count("channel.moved")).toBe(1);
  expect(late.stdout).toMatch(/has been promoted again since 2026-04-\d\dT\S+ \(attempt 2\)/);
  expect(count("gate.passed")).toBe(2);
});
