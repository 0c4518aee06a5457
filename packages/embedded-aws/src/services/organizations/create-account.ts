import type * as Sdk from "@aws-sdk/client-organizations";
import { afterWork } from "../../engine/clock/clock.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { accountPrincipal } from "../../engine/principal.ts";
import { requestTagContext } from "../tag-context.ts";
import { recordServiceEvent } from "./recorded.ts";
import { checkTags, ownOrganization, pairsOf, setTags } from "./resources.ts";
import {
  type AccountCreation,
  arnOf,
  constraintViolation,
  type Organization,
  organizationsOf,
  organizationWith,
  refusal,
  rootOf,
} from "./state.ts";

/** Seconds between request and completion in the user guide's sample of CreateAccountResult. */
const TAKES_MS = 3_000;
/** Quotas of the user guide: accounts created concurrently, and the maximum of the default quota of 10. */
const AT_A_TIME = 5;
const MOST_ACCOUNTS = 10_000;

export const operations = {
  /** Asynchronous: the account is created shortly after, under the root, with a role for the management account. */
  CreateAccount: {
    authorize: ({ Tags }) => [{ context: requestTagContext(pairsOf(Tags)) }],
    run({ AccountName = "", Email = "", RoleName = "OrganizationAccountAccessRole", Tags }, call) {
      const { aws } = call;
      const organization = ownOrganization(call);
      const underWay = [...organization.creations.values()].filter(({ state }) => state === "IN_PROGRESS");
      if (underWay.length >= AT_A_TIME) {
        throw constraintViolation("ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED", "Too many accounts are being created.");
      }
      // Refuses invalid tags before anything is created.
      checkTags(new Map(pairsOf(Tags)), pairsOf(Tags));
      const creation: AccountCreation = {
        id: `car-${aws.hexId(32)}`,
        accountName: AccountName,
        requestedAt: new Date(aws.clock.now()),
        state: "IN_PROGRESS",
      };
      organization.creations.set(creation.id, creation);
      afterWork(aws.clock, TAKES_MS, () =>
        complete(aws, organization, creation, { email: Email, role: RoleName, tags: Tags }),
      );
      return { CreateAccountStatus: toStatus(creation) };
    },
  },
  DescribeCreateAccountStatus: {
    run({ CreateAccountRequestId = "" }, call) {
      const creation = ownOrganization(call).creations.get(CreateAccountRequestId);
      if (!creation) {
        throw refusal(
          "CreateAccountStatusNotFoundException",
          "You specified a create account request that doesn't exist.",
        );
      }
      return { CreateAccountStatus: toStatus(creation) };
    },
  },
} satisfies Operations<typeof Sdk>;

const toStatus = (creation: AccountCreation): Sdk.CreateAccountStatus => ({
  Id: creation.id,
  AccountName: creation.accountName,
  State: creation.state,
  RequestedTimestamp: creation.requestedAt,
  CompletedTimestamp: creation.completedAt,
  AccountId: creation.accountId,
  FailureReason: creation.failureReason,
});

interface Asked {
  readonly email: string;
  readonly role: string;
  readonly tags: Sdk.Tag[] | undefined;
}

async function complete(
  aws: EmbeddedAws,
  organization: Organization,
  creation: AccountCreation,
  { email, role, tags }: Asked,
): Promise<void> {
  const { managementAccount } = organization;
  creation.completedAt = new Date(aws.clock.now());
  creation.failureReason = whyNot(aws, organization, email);
  creation.state = creation.failureReason ? "FAILED" : "SUCCEEDED";
  if (!creation.failureReason) {
    const id = newAccountId(aws);
    creation.accountId = id;
    organization.accounts.set(id, {
      id,
      arn: arnOf(organization, "account", id),
      name: creation.accountName,
      email,
      status: "ACTIVE",
      joined: "CREATED",
      joinedAt: creation.completedAt,
      createdHere: true,
      parent: rootOf(organization).id,
    });
    rootOf(organization).accounts.add(id);
    setTags(organization, id, tags);
    await createAccessRole(aws, managementAccount, id, role);
  }
  const createAccountStatus = toStatus(creation);
  recordServiceEvent(aws, managementAccount, "CreateAccountResult", { createAccountStatus });
  if (!creation.accountId) return;
  // Since May 2026. The API reference names the two fields, but not the position of the account's id.
  recordServiceEvent(aws, managementAccount, "AccountJoinedOrganization", {
    accountId: creation.accountId,
    joinedMethod: "Created",
    joinedTime: creation.completedAt,
  });
}

function whyNot(aws: EmbeddedAws, organization: Organization, email: string): AccountCreation["failureReason"] {
  const taken = organizationsOf(aws).some(({ accounts }) => [...accounts.values()].some((one) => one.email === email));
  if (taken) return "EMAIL_ALREADY_EXISTS";
  return organization.accounts.size >= MOST_ACCOUNTS ? "ACCOUNT_LIMIT_EXCEEDED" : undefined;
}

function newAccountId(aws: EmbeddedAws): string {
  const id = String(10n ** 11n + (BigInt(`0x${aws.hexId(12)}`) % (9n * 10n ** 11n)));
  return organizationWith(aws, id) ? newAccountId(aws) : id;
}

/** CreateAccount, `RoleName`: the management account can assume it, with administrator permissions. */
async function createAccessRole(aws: EmbeddedAws, management: string, account: string, RoleName: string) {
  const statement = (rest: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...rest }] });
  const caller = { principal: accountPrincipal(account), region: "us-east-1" };
  const Principal = { AWS: `arn:aws:iam::${management}:root` };
  const trust = { RoleName, AssumeRolePolicyDocument: statement({ Principal, Action: "sts:AssumeRole" }) };
  await aws.call("iam", "CreateRole", trust, caller);
  const PolicyDocument = statement({ Action: "*", Resource: "*" });
  await aws.call("iam", "PutRolePolicy", { RoleName, PolicyName: "AdministratorAccess", PolicyDocument }, caller);
}
