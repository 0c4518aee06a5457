// @module-tag deep
import { ConfirmSubscriptionCommand, SNSClient } from "@aws-sdk/client-sns";
import { credentialsOf, rolePrincipal } from "embedded-aws";
import { sentFrom } from "embedded-aws/state";
import { expect, test } from "vitest";
import factory from "../../../factory.config.ts";
import { account, start, startFactory } from "../../world/running-factory.ts";

const home = factory.buildRegion;

test("amint preflight exits with 1 if something would fail, 0 if all is fine, and 2 if access was denied", async () => {
  const { amint, booted, client, env } = await startFactory();

  const failing = await amint("preflight").ended;
  const mail = sentFrom(booted.aws, { account, region: home }).find(({ kind }) => kind === "SubscriptionConfirmation");
  const { searchParams } = new URL(/https:\S+/.exec(mail?.body ?? "")?.[0] ?? "");
  const [TopicArn, Token] = ["TopicArn", "Token"].map((name) => searchParams.get(name) ?? "");
  await client(SNSClient).send(new ConfirmSubscriptionCommand({ TopicArn, Token }));
  const sound = await amint("preflight", "--json").ended;
  const unprivileged = credentialsOf(booted.aws).issue(
    rolePrincipal(`arn:aws:iam::${account}:role/unprivileged`, "ada"),
  );
  const blind = await start(process.execPath, ["cli/command/amint.mjs", "preflight"], {
    ...env,
    AWS_ACCESS_KEY_ID: unprivileged.accessKeyId,
    AWS_SECRET_ACCESS_KEY: unprivileged.secretAccessKey,
    AWS_SESSION_TOKEN: unprivileged.sessionToken,
  }).ended;

  expect(failing.code).toBe(1);
  expect(failing.stdout).toMatch(
    /^FAIL subscriptions \(notify\.email\): not confirmed: platform@example\.com; would fail: notices to them; fix: /m,
  );
  expect(failing.stdout).toMatch(
    /^ok {3}inspector \(enableInspector\): Amazon Inspector scans EC2 and ECR in eu-west-1$/m,
  );
  expect(failing.stdout).toMatch(/^\d+ fine, 1 would fail, 0 not checked\.$/m);
  expect(sound.code).toBe(0);
  expect(JSON.parse(sound.stdout)).toMatchObject({ account, exitCode: 0 });
  expect(blind.stderr).toBe("");
  expect(blind.code).toBe(2);
  expect(blind.stdout).toMatch(/^\? {4}inspector \(enableInspector\): access denied: /m);
});
