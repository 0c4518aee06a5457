import { evidence } from "../evidence/evidence.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction } from "../resources/lambda-function.ts";
import { notices, slackEnvironment } from "./notices.ts";
import { readsSlackSecret } from "./slack-secrets.ts";

export const notify = asyncFunction("notice/notify", {
  // Slack may want to be left alone for a while before each of a few calls.
  timeoutSeconds: 300,
  // Powertools updates and deletes its record of an event, besides (Powertools, "Idempotency": required permissions).
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  grants: [
    { actions: ["sns:Publish"], resources: [notices.arn] },
    // The topic is encrypted (SNS developer guide, "Allow a user to send messages to a topic with SSE").
    { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn()] },
    ...readsSlackSecret("bot-token"),
    // Release notes are composed of what lies with the evidence, and kept there: nothing else of it can be written.
    { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
    { actions: ["s3:PutObject"], resources: [$interpolate`${evidence.arn}/evidence/*/notes-*`] },
    // Without it S3 answers 403 for evidence that is not there.
    { actions: ["s3:ListBucket"], resources: [evidence.arn] },
  ],
  environment: { NOTICES_TOPIC_ARN: notices.arn, EVIDENCE_BUCKET: evidence.bucket, ...slackEnvironment },
});
