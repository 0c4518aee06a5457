// @module-tag deep
import { DisableKeyCommand, KMSClient, ListAliasesCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { startFactory } from "../../world/running-factory.ts";

const MINUTE = 60_000;

test("amint validate finds nothing in the example factory, then a disabled key, and says so by its exit code", async () => {
  const { amint, clock, options } = await startFactory();
  await clock.runUntil(clock.now() + 5 * MINUTE);
  const healthy = await amint("validate").ended;
  const kms = new KMSClient(options);
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
  const KeyId = Aliases.find(({ AliasName }) => AliasName === "alias/amint-acme-images")?.TargetKeyId;
  await kms.send(new DisableKeyCommand({ KeyId }));

  const ill = await amint("validate").ended;
  const json = await amint("validate", "--json").ended;

  expect(healthy).toEqual({
    code: 0,
    stdout: [
      "Offline half run: config, types, components, Dockerfiles, regions, dates.",
      "Online half run as account 111122223333.",
      "The organization has 14 accounts in 4 OUs.",
      "No problems found.",
      "",
    ].join("\n"),
    stderr: "",
  });
  expect(ill.code).toBe(1);
  expect(ill.stdout).toMatch(
    /^alias\/amint-acme-images in eu-west-1: arn:\S+ is Disabled\n {2}fix: aws kms enable-key --key-id arn:\S+\n\n/,
  );
  expect(ill.stdout).toContain("1 problem found.");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    account: "111122223333",
    deployed: true,
    accounts: 14,
    findings: [{ where: "alias/amint-acme-images in eu-west-1" }],
  });
});
