import { feedMirrors } from "../advisories/feed-mirrors.ts";
import { instancesOf } from "../build/instance-role.ts";
import { readFindings, readOwnBuilds, readWorkflows } from "../resources/image-builder-grants.ts";
import { keyArn } from "../resources/keys.ts";
import { syncFunction } from "../resources/lambda-function.ts";
import { evidence } from "./evidence.ts";
import { readCisScans } from "./inspector.ts";

/** Reads CISA's catalog over the internet if a gate counts exploited CVEs, so it is not in a VPC. */
export const collectEvidence = syncFunction("evidence/collect-evidence", {
  timeoutSeconds: 300,
  ledger: ["GetItem", "PutItem"],
  grants: [
    readOwnBuilds,
    ...readWorkflows,
    readFindings,
    { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/*`] },
    { actions: ["s3:PutObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
    // Without it S3 returns 403 for a missing object, and a first build has no evidence to compare with.
    { actions: ["s3:ListBucket"], resources: [evidence.arn] },
    { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn()] },
    // Describe actions have no resource types (service authorization reference, "Amazon EC2").
    { actions: ["ec2:DescribeImages", "ec2:DescribeSnapshots"], resources: ["*"] },
    ...readCisScans,
  ],
  environment: {
    EVIDENCE_BUCKET: evidence.bucket,
    FEED_MIRRORS: feedMirrors,
    AMI_ROLE_ID: instancesOf({ kind: "ami" }).roleId,
    CONTAINER_ROLE_ID: instancesOf({ kind: "container" }).roleId,
  },
});

export const decideGate = syncFunction("gate/decide-gate", {
  timeoutSeconds: 30,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem"],
  putsEvents: true,
  grants: [
    { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
    { actions: ["kms:Decrypt"], resources: [keyArn()] },
  ],
  environment: { EVIDENCE_BUCKET: evidence.bucket },
});
