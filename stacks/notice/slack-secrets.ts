import {
  PARAMETER_ARN,
  type SlackSecret,
  slackKeyAlias,
  slackKeyPolicy,
  slackSecretArn,
} from "../../core/notice/slack-secrets.ts";
import { factory } from "../program/factory.ts";
import { place, resourceName, tags } from "../resources/deployment.ts";
import { type Grant, roleArnOf } from "../resources/grant.ts";

/** The key for Slack's secrets. Their parameters are not deployed here, because the program must not know the values. */
function makeKey(): $util.Output<string> {
  const key = new aws.kms.Key("SlackKey", {
    description: `Slack's secrets of the factory ${factory.name}`,
    enableKeyRotation: true,
    multiRegion: false,
    deletionWindowInDays: 7,
    policy: JSON.stringify(slackKeyPolicy(place, factory.name, (reader) => roleArnOf(resourceName(reader)))),
    tags,
  });
  new aws.kms.Alias("SlackKeyAlias", { name: slackKeyAlias(factory.name), targetKeyId: key.keyId });
  return key.arn;
}

const key = factory.notify.slack ? makeKey() : undefined;

/** Permissions to read one of the secrets; empty without Slack. */
export function readsSlackSecret(secret: SlackSecret): Grant[] {
  if (!key) return [];
  const parameter = slackSecretArn(place, factory.name, secret);
  return [
    { actions: ["ssm:GetParameter"], resources: [parameter] },
    {
      actions: ["kms:Decrypt"],
      resources: [key],
      conditions: [{ test: "StringEquals", variable: PARAMETER_ARN, values: [parameter] }],
    },
  ];
}
