import type * as Sdk from "@aws-sdk/client-organizations";
import { afterWork } from "../../engine/clock/clock.ts";
import type { Operations } from "../../engine/operation.ts";
import { recordServiceEvent } from "./recorded.ts";
import { accountIn, accountResources, ownOrganization, parentIn, parentResources } from "./resources.ts";
import {
  constraintViolation,
  type MemberAccount,
  needsAllFeatures,
  type Organization,
  pathOf,
  refusal,
} from "./state.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** User guide: an account created in the organization must be at least four days old to leave it. */
const WAIT_MS = 4 * DAY_MS;

/** "A few minutes" in the API reference. */
const CLOSING_MS = 60_000;

export const operations = {
  ListAccounts: {
    list: "Accounts",
    run(_input, call) {
      const organization = ownOrganization(call);
      return { Accounts: toAccounts(organization, [...organization.accounts.values()]) };
    },
  },
  ListAccountsForParent: {
    list: "Accounts",
    authorize: ({ ParentId }, call) => parentResources(call, ParentId),
    run({ ParentId }, call) {
      const organization = ownOrganization(call);
      const ids = [...parentIn(organization, ParentId).accounts];
      return {
        Accounts: toAccounts(
          organization,
          ids.map((id) => accountIn(organization, id)),
        ),
      };
    },
  },
  DescribeAccount: {
    authorize: ({ AccountId }, call) => accountResources(call, AccountId),
    run({ AccountId }, call) {
      const organization = ownOrganization(call);
      const [Account] = toAccounts(organization, [accountIn(organization, AccountId)]);
      return { Account };
    },
  },
  /** Allowed for every member account. */
  DescribeOrganization: {
    run(_input, call) {
      const organization = ownOrganization(call);
      const management = accountIn(organization, organization.managementAccount);
      return {
        Organization: {
          Id: organization.id,
          Arn: organization.arn,
          FeatureSet: organization.featureSet,
          MasterAccountId: management.id,
          MasterAccountArn: management.arn,
          MasterAccountEmail: management.email,
          // API reference: incomplete on purpose and not to be used; use ListRoots for enabled types.
          AvailablePolicyTypes:
            organization.featureSet === "ALL" ? [{ Type: "SERVICE_CONTROL_POLICY", Status: "ENABLED" }] : [],
        },
      };
    },
  },
  /** Does not check a standalone account's requirements (payment, phone, agreement). */
  RemoveAccountFromOrganization: {
    authorize: ({ AccountId }, call) => accountResources(call, AccountId),
    run({ AccountId }, call) {
      const organization = ownOrganization(call);
      const account = accountIn(organization, AccountId);
      if (account.id === organization.managementAccount) {
        throw refusal(
          "MasterCannotLeaveOrganizationException",
          "You can't remove a management account from an organization.",
        );
      }
      if (organization.delegated.has(account.id)) {
        throw constraintViolation(
          "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
          "You can't remove a delegated administrator from the organization.",
        );
      }
      const { aws } = call;
      if (account.createdHere && aws.clock.now() < account.joinedAt.getTime() + WAIT_MS) {
        throw constraintViolation(
          "WAIT_PERIOD_ACTIVE",
          "You must wait until at least four days after the account was created before you can remove it.",
        );
      }
      organization.accounts.delete(account.id);
      organization.units.get(account.parent)?.accounts.delete(account.id);
      organization.tags.delete(account.id);
      for (const targets of organization.attachments.values()) targets.delete(account.id);
      // Since May 2026. The API reference names the two fields, but not the position of the account's id.
      const departed = {
        accountId: account.id,
        departureMethod: "Removed",
        departureTime: new Date(aws.clock.now()),
      };
      afterWork(aws.clock, 1_000, () =>
        recordServiceEvent(aws, organization.managementAccount, "AccountDepartedOrganization", departed),
      );
    },
  },
  /** Asynchronous. The account stays in the organization, suspended; its removal after 90 days is not built. */
  CloseAccount: {
    authorize: ({ AccountId }, call) => accountResources(call, AccountId),
    run({ AccountId }, call) {
      const { aws } = call;
      const organization = ownOrganization(call);
      if (organization.featureSet !== "ALL") throw needsAllFeatures();
      const account = accountIn(organization, AccountId);
      const now = aws.clock.now();
      if (account.id === organization.managementAccount) {
        throw constraintViolation("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", "You can't close the management account.");
      }
      if (account.status === "SUSPENDED") {
        throw refusal("AccountAlreadyClosedException", "You attempted to close an account that is already closed.");
      }
      if (account.status === "PENDING_CLOSURE") {
        throw refusal("ConflictException", "The account is being closed already.");
      }
      requireQuota(organization, now);
      organization.closings.push(now);
      account.status = "PENDING_CLOSURE";
      afterWork(aws.clock, CLOSING_MS, () => {
        account.status = "SUSPENDED";
        const closeAccountStatus = {
          accountId: account.id,
          state: "SUCCEEDED",
          requestedTimestamp: new Date(now),
          completedTimestamp: new Date(aws.clock.now()),
        };
        recordServiceEvent(aws, organization.managementAccount, "CloseAccountResult", { closeAccountStatus });
      });
    },
  },
} satisfies Operations<typeof Sdk>;

/** Computes each parent's path once: an organization can have ten thousand accounts. */
function toAccounts(organization: Organization, accounts: readonly MemberAccount[]): Sdk.Account[] {
  const parents = new Set(accounts.map(({ parent }) => parent));
  const paths = new Map([...parents].map((id) => [id, pathOf(organization, id)]));
  return accounts.map((account) => ({
    Id: account.id,
    Arn: account.arn,
    Name: account.name,
    Email: account.email,
    Status: account.status,
    State: account.status,
    Paths: [`${paths.get(account.parent)}${account.id}/`],
    JoinedMethod: account.joined,
    JoinedTimestamp: account.joinedAt,
  }));
}

/** In 30 days the greater of 250 and 20 % of the member accounts, at most 1,000 (API reference, CloseAccount). */
function requireQuota({ closings, accounts }: Organization, now: number): void {
  const quota = Math.min(1000, Math.max(250, Math.floor(accounts.size / 5)));
  const recent = closings.filter((time) => time > now - 30 * DAY_MS);
  if (recent.length >= quota) {
    throw constraintViolation(
      "CLOSE_ACCOUNT_QUOTA_EXCEEDED",
      "You have exceeded close account quota for the past 30 days.",
    );
  }
}
