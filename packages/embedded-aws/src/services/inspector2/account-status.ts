import type * as Sdk from "@aws-sdk/client-inspector2";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { organizationWith } from "../organizations/state.ts";
import { inspectorState } from "./state.ts";

const TYPES = [
  "EC2",
  "ECR",
  "LAMBDA",
  "LAMBDA_CODE",
  "CODE_REPOSITORY",
] as const satisfies readonly Sdk.ResourceScanType[];

/** Delegated administration is not built, so requests for other accounts fail as for unrelated ones. */
function split(
  call: Call,
  accountIds: readonly string[] | undefined,
): { own: boolean; failedAccounts: Sdk.FailedAccount[] } {
  const asked = accountIds?.length ? accountIds : [call.account];
  return {
    own: asked.includes(call.account),
    failedAccounts: asked
      .filter((accountId) => accountId !== call.account)
      .map((accountId) => ({
        accountId,
        errorCode: "ACCESS_DENIED",
        errorMessage: `Account ${call.account} is not the delegated administrator of account ${accountId}.`,
      })),
  };
}

export const operations = {
  /** Enabling takes some minutes in AWS; here it takes effect at once. */
  Enable: {
    run({ accountIds, resourceTypes = [] }, call) {
      const { own, failedAccounts } = split(call, accountIds);
      const { scanned } = call.aws.state(inspectorState, call.account, call.region);
      for (const type of own ? resourceTypes : []) scanned.add(type);
      return { accounts: own ? [toAccount(call)] : [], failedAccounts };
    },
  },
  Disable: {
    run({ accountIds, resourceTypes }, call) {
      const { own, failedAccounts } = split(call, accountIds);
      const { scanned } = call.aws.state(inspectorState, call.account, call.region);
      for (const type of own ? (resourceTypes?.length ? resourceTypes : TYPES) : []) scanned.delete(type);
      return { accounts: own ? [toAccount(call)] : [], failedAccounts };
    },
  },
  BatchGetAccountStatus: {
    run({ accountIds }, call) {
      const { own, failedAccounts } = split(call, accountIds);
      const { accountId, status, resourceStatus } = toAccount(call);
      const resourceState = {
        ec2: toState(resourceStatus?.ec2),
        ecr: toState(resourceStatus?.ecr),
        lambda: toState(resourceStatus?.lambda),
        lambdaCode: toState(resourceStatus?.lambdaCode),
        codeRepository: toState(resourceStatus?.codeRepository),
      };
      return { accounts: own ? [{ accountId, state: toState(status), resourceState }] : [], failedAccounts };
    },
  },
  GetDelegatedAdminAccount: {
    run(_input, call) {
      const [accountId] = administrators(call);
      if (accountId === undefined) {
        throw new AwsError("ResourceNotFoundException", "No delegated administrator for Amazon Inspector exists.");
      }
      return { delegatedAdmin: { accountId, relationshipStatus: "ENABLED" } };
    },
  },
} satisfies Operations<typeof Sdk>;

function toAccount(call: Call): Sdk.Account {
  const { scanned } = call.aws.state(inspectorState, call.account, call.region);
  const status = (type: Sdk.ResourceScanType): Sdk.Status => (scanned.has(type) ? "ENABLED" : "DISABLED");
  const resourceStatus: Sdk.ResourceStatus = {
    ec2: status("EC2"),
    ecr: status("ECR"),
    lambda: status("LAMBDA"),
    lambdaCode: status("LAMBDA_CODE"),
    codeRepository: status("CODE_REPOSITORY"),
  };
  return { accountId: call.account, status: scanned.size > 0 ? "ENABLED" : "DISABLED", resourceStatus };
}

const toState = (status: Sdk.Status | undefined): Sdk.State => ({
  status,
  errorCode: undefined,
  errorMessage: undefined,
});

const SERVICE = "inspector2.amazonaws.com";

/** The delegated administrators for Inspector, which Organizations stores as for every service. */
function administrators(call: Call): string[] {
  const organization = organizationWith(call.aws, call.account);
  return [...(organization?.delegated ?? [])].flatMap(([account, services]) =>
    services.has(SERVICE) ? [account] : [],
  );
}
