import { isOurs, prove } from "../channel/functions.ts";
import { factory } from "../program/factory.ts";
import { place } from "../resources/deployment.ts";
import { asyncFunction } from "../resources/lambda-function.ts";
import { exporting } from "./exports.ts";

const images = `arn:${place.partition}:ec2:${place.region}::image/*`;
const snapshots = `arn:${place.partition}:ec2:${place.region}::snapshot/*`;
const tasks = `arn:${place.partition}:ec2:${place.region}:${place.account}:export-image-task/*`;
const taggedAsOurs = { test: "StringEquals", variable: "aws:RequestTag/amint:factory", values: [factory.name] };

/** Undefined if no channel has exports. */
export const followExports = exporting
  ? asyncFunction("export/follow-exports", {
      timeoutSeconds: 900,
      // A full vCPU: each block is hashed.
      memoryMb: 1769,
      ledger: ["GetItem", "BatchGetItem", "Query", "PutItem"],
      putsEvents: true,
      grants: [
        ...prove,
        // Describe actions have no resource types.
        { actions: ["ec2:DescribeSnapshots", "ec2:DescribeExportImageTasks"], resources: ["*"] },
        // Reads the AMI's disk, decrypts it with its key, and writes it to a snapshot that is tagged at creation.
        { actions: ["ebs:ListSnapshotBlocks", "ebs:GetSnapshotBlock"], resources: [snapshots], conditions: [isOurs] },
        { actions: ["ebs:StartSnapshot"], resources: [snapshots], conditions: [taggedAsOurs] },
        { actions: ["ebs:PutSnapshotBlock", "ebs:CompleteSnapshot"], resources: [snapshots], conditions: [isOurs] },
        { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [exporting.keyArn] },
        { actions: ["ec2:RegisterImage"], resources: [images] },
        { actions: ["ec2:RegisterImage"], resources: [snapshots], conditions: [isOurs] },
        {
          actions: ["ec2:CreateTags"],
          resources: [images, snapshots],
          conditions: [
            { test: "StringEquals", variable: "ec2:CreateAction", values: ["RegisterImage", "StartSnapshot"] },
            taggedAsOurs,
          ],
        },
        { actions: ["ec2:DeregisterImage"], resources: [images], conditions: [isOurs] },
        { actions: ["ec2:DeleteSnapshot"], resources: [snapshots], conditions: [isOurs] },
        { actions: ["ec2:ExportImage"], resources: [images], conditions: [isOurs] },
        { actions: ["ec2:ExportImage", "ec2:CancelExportTask"], resources: [tasks] },
        {
          actions: ["iam:PassRole"],
          resources: [exporting.roleArn],
          conditions: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["vmie.amazonaws.com"] }],
        },
        {
          actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
          resources: [$interpolate`${exporting.bucketArn}/*`],
        },
        // Without it S3 returns 403 for a missing object.
        { actions: ["s3:ListBucket"], resources: [exporting.bucketArn] },
        { actions: ["kms:Sign"], resources: [exporting.signingKeyArn] },
      ],
      environment: {
        EXPORTS_BUCKET: exporting.bucket,
        EXPORTS_KEY_ARN: exporting.keyArn,
        EXPORTS_ROLE_NAME: exporting.roleName,
        SIGNING_KEY_ARN: exporting.signingKeyArn,
      },
    })
  : undefined;
