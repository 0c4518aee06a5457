import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { storeSlackSecret } from "../../../adapters/notice/slack-secrets.ts";
import { checkSlackSecrets } from "../../../cli/factory/check-slack.ts";
import { openWorld } from "../../world/world.ts";

test("Slack's secrets are found to be missing, in the clear, or under another key than the stack's", async () => {
  const { client, factory: plain } = await openWorld();
  const factory = { ...plain, notify: { ...plain.notify, slack: { channel: "#golden-images", routes: [] } } };
  const clients = { kms: client(KMSClient), ssm: client(SSMClient) };
  const look = async () => (await checkSlackSecrets(factory, clients)).map(({ where, what }) => `${where} ${what}`);
  const token = "/amint-slack/sharing/bot-token";
  const signing = "/amint-slack/sharing/signing-secret";

  const undeployed = await look();
  const { KeyMetadata: { KeyId, Arn: key = "" } = {} } = await clients.kms.send(new CreateKeyCommand({}));
  await clients.kms.send(new CreateAliasCommand({ AliasName: "alias/amint-sharing-slack", TargetKeyId: KeyId }));
  const missing = await look();
  await clients.ssm.send(new PutParameterCommand({ Name: token, Value: "xoxb-1", Type: "String" }));
  await clients.ssm.send(new PutParameterCommand({ Name: signing, Value: "x", Type: "SecureString" }));
  const wrong = await look();
  await storeSlackSecret(clients.ssm, { factory: "sharing", secret: "signing-secret", value: "x", key, tags: {} });
  const right = await look();

  expect(undeployed).toEqual([
    "alias/amint-sharing-slack in eu-west-1 does not exist: Slack's secrets cannot be stored",
  ]);
  expect(missing).toEqual([
    `${token} is missing: the factory cannot use Slack`,
    `${signing} is missing: the factory cannot use Slack`,
  ]);
  expect(wrong).toEqual([
    `${token} is a String, not a SecureString: its value is not encrypted`,
    `${signing} is encrypted with alias/aws/ssm, which the functions may not use`,
  ]);
  expect(right).toEqual([wrong[0]]);
  expect(await checkSlackSecrets(plain, clients)).toEqual([]);
});
