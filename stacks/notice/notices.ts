import { factory } from "../program/factory.ts";
import { arnOf, place, resourceName, tags } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";

/** The topic of notices and alarms. */
export const notices = new aws.sns.Topic("Notices", {
  name: resourceName("notices"),
  displayName: `Amint ${factory.name}`,
  kmsMasterKeyId: keyArn(),
  tags,
});

new aws.sns.TopicPolicy("NoticesPolicy", {
  arn: notices.arn,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        sid: "AlarmsPublish",
        principals: [{ type: "Service", identifiers: ["cloudwatch.amazonaws.com"] }],
        actions: ["sns:Publish"],
        resources: [notices.arn],
        conditions: [
          { test: "StringEquals", variable: "aws:SourceAccount", values: [place.account] },
          { test: "ArnLike", variable: "aws:SourceArn", values: [arnOf("cloudwatch", `alarm:${resourceName("*")}`)] },
        ],
      },
      {
        sid: "OnlyByTls",
        effect: "Deny",
        principals: [{ type: "*", identifiers: ["*"] }],
        actions: ["sns:Publish"],
        resources: [notices.arn],
        conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ],
  }).json,
});

for (const [index, endpoint] of factory.notify.email.entries()) {
  new aws.sns.TopicSubscription(`NoticesEmail${index + 1}`, { topic: notices.arn, protocol: "email", endpoint });
}

/** The URL of Slack's Web API. A secret with a default, because another URL may contain credentials. */
const apiUrl = () => new sst.Secret("SlackApiUrl", "https://slack.com/api/").value;

/** The URL of Slack's Web API; `none` if the factory does not use Slack. */
export const slackEnvironment = { SLACK_API_URL: factory.notify.slack ? apiUrl() : "none" };
