import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  type KMSClient,
  ReEncryptCommand,
} from "@aws-sdk/client-kms";
import { AUTO_SCALING_OPERATIONS } from "../core/share/auto-scaling-grant.ts";

/** Something of a key that is tried without being done. */
export interface KeyTrial {
  /** As IAM calls it. */
  readonly action: string;
  /** @throws what KMS refuses */
  readonly run: () => Promise<void>;
}

/**
 * All that a launch does with a key and that one may try oneself (EBS user guide, "Requirements for Amazon EBS
 * encryption"). What EC2 grants itself for its caller nobody else can try: only a launch shows it.
 * @param key its ARN
 * @param autoScalingRole the ARN of the account's service-linked role
 */
export function keyTrials(client: KMSClient, key: string, autoScalingRole: string): KeyTrial[] {
  const noCiphertext = { DryRun: true, DryRunModifiers: ["IGNORE_CIPHERTEXT" as const] };
  const trial = (action: string, send: () => Promise<unknown>): KeyTrial => ({ action, run: () => dry(send) });
  return [
    trial("kms:DescribeKey", () => client.send(new DescribeKeyCommand({ KeyId: key }))),
    trial("kms:Decrypt", () => client.send(new DecryptCommand({ KeyId: key, ...noCiphertext }))),
    trial("kms:GenerateDataKeyWithoutPlaintext", () =>
      client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: key, KeySpec: "AES_256", DryRun: true })),
    ),
    trial("kms:ReEncrypt", () =>
      client.send(new ReEncryptCommand({ SourceKeyId: key, DestinationKeyId: key, ...noCiphertext })),
    ),
    trial("kms:CreateGrant", () =>
      client.send(
        new CreateGrantCommand({
          KeyId: key,
          GranteePrincipal: autoScalingRole,
          Operations: [...AUTO_SCALING_OPERATIONS],
          DryRun: true,
        }),
      ),
    ),
  ];
}

/**
 * KMS answers a dry run that would have succeeded with DryRunOperationException, and a grant for a role that is not
 * there with InvalidArnException: an account that never used Auto Scaling has nobody to grant it to.
 */
const FINE = ["DryRunOperationException", "InvalidArnException"];

async function dry(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof Error && FINE.includes(error.name))) throw error;
  }
}
