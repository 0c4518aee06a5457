import { evidence } from "../evidence/evidence.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction } from "../resources/lambda-function.ts";
import { notices, slackEnvironment } from "./notices.ts";
import { readsSlackSecret } from "./slack-secrets.ts";

export const notify = asyncFunction("notice/notify", {
  // Covers waits for Slack's rate limits.
  timeoutSeconds: 300,
  // Powertools also updates and deletes its record of an event (Powertools, "Idempotency": required permissions).
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  grants: [
    { actions: ["sns:Publish"], resources: [notices.arn] },
    // The topic is encrypted (SNS developer guide, "Allow a user to send messages to a topic with SSE").
    { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn()] },
    ...readsSlackSecret("bot-token"),
    // Release notes are built from the evidence and saved next to it; the function can write nothing else there.
    { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
    { actions: ["s3:PutObject"], resources: [$interpolate`${evidence.arn}/evidence/*/notes-*`] },
    // Without it S3 returns 403 for missing evidence.
    { actions: ["s3:ListBucket"], resources: [evidence.arn] },
  ],
  environment: { NOTICES_TOPIC_ARN: notices.arn, EVIDENCE_BUCKET: evidence.bucket, ...slackEnvironment },
});
