import type {
  Account,
  DescribeAccountCommandInput,
  DescribeAccountCommandOutput,
  ListAccountsCommandInput,
  ListAccountsCommandOutput,
  ListAccountsForParentCommandInput,
  ListAccountsForParentCommandOutput,
} from "@aws-sdk/client-organizations";
import { operation } from "../../operation.ts";
import { accountIn, managedOrganization, parentIn } from "./caller.ts";
import { page } from "./page.ts";
import { accountResources, parentResources } from "./resources.ts";
import type { MemberAccount } from "./state.ts";

export const listAccounts = operation<ListAccountsCommandInput, Partial<ListAccountsCommandOutput>>({
  run(input, call) {
    const { items, next } = page([...managedOrganization(call).accounts.values()], input);
    return { Accounts: items.map(toAccount), NextToken: next };
  },
});

export const listAccountsForParent = operation<
  ListAccountsForParentCommandInput,
  Partial<ListAccountsForParentCommandOutput>
>({
  authorize: ({ ParentId }, call) => parentResources(call, ParentId),
  run(input, call) {
    const organization = managedOrganization(call);
    const parent = parentIn(organization, input.ParentId);
    const accounts = [...organization.accounts.values()].filter((account) => account.parent === parent.id);
    const { items, next } = page(accounts, input);
    return { Accounts: items.map(toAccount), NextToken: next };
  },
});

export const describeAccount = operation<DescribeAccountCommandInput, Partial<DescribeAccountCommandOutput>>({
  authorize: ({ AccountId }, call) => accountResources(call, AccountId),
  run: ({ AccountId }, call) => ({ Account: toAccount(accountIn(managedOrganization(call), AccountId)) }),
});

const toAccount = (account: MemberAccount): Account => ({
  Id: account.id,
  Arn: account.arn,
  Name: account.name,
  Email: account.email,
  Status: account.status,
  State: account.status,
  JoinedMethod: account.joined,
  JoinedTimestamp: account.joinedAt,
});
