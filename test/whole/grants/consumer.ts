import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import type { Blueprint } from "embedded-aws/deploy";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";

/** Arbitrary bytes: a dry run checks only whether the key may be used. */
const CiphertextBlob = new Uint8Array(64);

/**
 * Uses the images' keys as an account does that launches a shared AMI, and grants them to its Auto Scaling role
 * (EC2 user guide, "Share an encrypted AMI"; Auto Scaling user guide, "Required AWS KMS key policy").
 * @returns the denied requests
 */
export async function useKeysAs(
  account: string,
  { options, booted }: RunningFactory,
  { resources }: Blueprint,
): Promise<string[]> {
  const refusals: string[] = [];
  const imageKeys = resources.filter(({ type, name }) => type === "aws:kms/key:Key" && name.startsWith("ImageKey"));
  for (const { name, region } of imageKeys) {
    const KeyId = booted.deployment.get(name)?.arn;
    const kms = new KMSClient({ ...options, region, credentials: { ...options.credentials, accessKeyId: account } });
    const uses = [
      () => kms.send(new DescribeKeyCommand({ KeyId })),
      () => kms.send(new DecryptCommand({ KeyId, CiphertextBlob, DryRun: true })),
      () => kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: "AES_256", DryRun: true })),
      () => kms.send(new CreateGrantCommand({ KeyId, ...forAutoScaling(account), DryRun: true })),
    ];
    for (const use of uses) {
      try {
        await use();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (error.name !== "DryRunOperationException") refusals.push(`${account}: ${error.name}: ${error.message}`);
      }
    }
  }
  return refusals;
}

const forAutoScaling = (account: string) => ({
  GranteePrincipal: `arn:aws:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  Operations: ["Decrypt" as const, "GenerateDataKeyWithoutPlaintext" as const, "CreateGrant" as const],
});
