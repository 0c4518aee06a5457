import type * as Sdk from "@aws-sdk/client-organizations";
import type { Account } from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { accountIn, ownOrganization, parentIn } from "./caller.ts";
import { accountResources, parentResources } from "./resources.ts";
import { type MemberAccount, type Organization, pathOf } from "./state.ts";

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
} satisfies Operations<typeof Sdk>;

/** Finds the path of each parent once: an organization can have ten thousand accounts. */
function toAccounts(organization: Organization, accounts: readonly MemberAccount[]): Account[] {
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
