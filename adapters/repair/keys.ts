import { DescribeKeyCommand, GetKeyPolicyCommand, type KMSClient } from "@aws-sdk/client-kms";

/** `Enabled`, `Disabled`, `PendingDeletion`, ... */
export async function readKeyState(client: KMSClient, key: string): Promise<string> {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key }));
  return KeyMetadata?.KeyState ?? "unknown";
}

/** A key's policy, as JSON. */
export async function readKeyPolicy(client: KMSClient, key: string): Promise<string> {
  const { Policy = "" } = await client.send(new GetKeyPolicyCommand({ KeyId: key }));
  return Policy;
}
