import type * as Sdk from "@aws-sdk/client-organizations";
import type { Account } from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { accountIn, ownOrganization, parentIn } from "./caller.ts";
import { page } from "./page.ts";
import { accountResources, parentResources } from "./resources.ts";
import { type MemberAccount, type Organization, pathOf } from "./state.ts";

export const operations = {
  ListAccounts: {
    run(input, call) {
      const organization = ownOrganization(call);
      const { items, next } = page([...organization.accounts.values()], input);
      return { Accounts: items.map((account) => toAccount(organization, account)), NextToken: next };
    },
  },
  ListAccountsForParent: {
    authorize: ({ ParentId }, call) => parentResources(call, ParentId),
    run(input, call) {
      const organization = ownOrganization(call);
      const { items, next } = page([...parentIn(organization, input.ParentId).accounts], input);
      return { Accounts: items.map((id) => toAccount(organization, accountIn(organization, id))), NextToken: next };
    },
  },
  DescribeAccount: {
    authorize: ({ AccountId }, call) => accountResources(call, AccountId),
    run({ AccountId }, call) {
      const organization = ownOrganization(call);
      return { Account: toAccount(organization, accountIn(organization, AccountId)) };
    },
  },
} satisfies Operations<typeof Sdk>;

const toAccount = (organization: Organization, account: MemberAccount): Account => ({
  Id: account.id,
  Arn: account.arn,
  Name: account.name,
  Email: account.email,
  Status: account.status,
  State: account.status,
  Paths: [`${pathOf(organization, account.parent)}${account.id}/`],
  JoinedMethod: account.joined,
  JoinedTimestamp: account.joinedAt,
});
