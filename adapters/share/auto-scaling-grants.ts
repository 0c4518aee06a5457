import { CreateServiceLinkedRoleCommand, type IAMClient } from "@aws-sdk/client-iam";
import { CreateGrantCommand, type KMSClient, paginateListGrants, RevokeGrantCommand } from "@aws-sdk/client-kms";
import { AUTO_SCALING_OPERATIONS, type KnownGrant } from "../../core/share/auto-scaling-grants.ts";
import { unlessError } from "../unless-error.ts";

/** Creates Auto Scaling's service-linked role in an account, if it does not exist. */
export async function ensureAutoScalingRole(client: IAMClient): Promise<void> {
  try {
    await client.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "autoscaling.amazonaws.com" }));
  } catch (error) {
    // IAM's error for a name that exists (API reference, "CreateServiceLinkedRole").
    if (!(error instanceof Error && /^InvalidInput(Exception)?$/.test(error.name))) throw error;
  }
}

interface NewGrant {
  /** The key's ARN: an id would refer to the consumer's own account. */
  readonly key: string;
  /** The ARN of the account's role for Auto Scaling. */
  readonly role: string;
  /** KMS creates a grant with the same name and content once (API reference, "CreateGrant": Name). */
  readonly name: string;
}

/** Lets an account's Auto Scaling use a key; called with that account's credentials. */
export async function grantToAutoScaling(client: KMSClient, { key, role, name }: NewGrant): Promise<void> {
  await client.send(
    new CreateGrantCommand({
      KeyId: key,
      GranteePrincipal: role,
      Operations: [...AUTO_SCALING_OPERATIONS],
      Name: name,
    }),
  );
}

const ACCOUNT = /^arn:[^:]+:iam::(\d{12}):role\//;

/** The grants of a name on a key, as its owner sees them; KMS returns a hundred per page. */
export async function listAutoScalingGrants(client: KMSClient, key: string, name: string): Promise<KnownGrant[]> {
  const found: KnownGrant[] = [];
  for await (const { Grants = [] } of paginateListGrants({ client, pageSize: 100 }, { KeyId: key })) {
    for (const { Name, GrantId, GranteePrincipal = "" } of Grants) {
      const account = ACCOUNT.exec(GranteePrincipal)?.[1];
      if (Name === name && GrantId && account) found.push({ id: GrantId, account });
    }
  }
  return found;
}

/** Revokes a grant, if it exists. Volumes in use have grants of their own. */
export async function revokeGrant(client: KMSClient, key: string, id: string): Promise<void> {
  await unlessError(client.send(new RevokeGrantCommand({ KeyId: key, GrantId: id })), /^NotFoundException$/);
}
