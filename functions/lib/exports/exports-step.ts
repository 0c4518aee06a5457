import type { EBSClient } from "@aws-sdk/client-ebs";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Step } from "../step.ts";

type ExportVariable = "EXPORTS_BUCKET" | "EXPORTS_KEY_ARN" | "EXPORTS_ROLE_NAME" | "SIGNING_KEY_ARN";

interface ExportClients {
  readonly ec2: EC2Client;
  readonly ebs: EBSClient;
  readonly s3: S3Client;
  readonly kms: KMSClient;
}

/** What following exports needs, all of it in the build region. */
export type ExportStep = Pick<Step<ExportVariable, ExportClients>, "settings" | "ledger" | "bus" | "clients" | "now">;
