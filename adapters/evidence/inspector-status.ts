import { BatchGetAccountStatusCommand, type Inspector2Client } from "@aws-sdk/client-inspector2";
import type { ScannedResources } from "../../core/evidence/scanned-resources.ts";

/**
 * The resource types of `wanted` that Amazon Inspector does not scan in an account, in the client's region.
 * @throws InspectorStatusDenied where Inspector does not report the status
 */
export async function findUnscanned(
  client: Inspector2Client,
  account: string,
  wanted: readonly ScannedResources[],
): Promise<ScannedResources[]> {
  const { accounts = [], failedAccounts = [] } = await client.send(
    new BatchGetAccountStatusCommand({ accountIds: [account] }),
  );
  const [failed] = failedAccounts;
  if (failed) throw new InspectorStatusDenied(account, `${failed.errorCode}: ${failed.errorMessage}`);
  const states = accounts.find(({ accountId }) => accountId === account)?.resourceState;
  const isOn = { EC2: states?.ec2?.status === "ENABLED", ECR: states?.ecr?.status === "ENABLED" };
  return wanted.filter((type) => !isOn[type]);
}

/** Inspector denies the account's status in its response. */
class InspectorStatusDenied extends Error {
  override readonly name = "AccessDeniedToInspectorStatus";

  constructor(account: string, why: string) {
    super(
      `Amazon Inspector does not report the status of account ${account}: ${why}. inspector2:BatchGetAccountStatus must be allowed.`,
    );
  }
}
