import type {
  Account,
  DescribeAccountCommandInput,
  DescribeAccountCommandOutput,
  ListAccountsCommandInput,
  ListAccountsCommandOutput,
  ListAccountsForParentCommandInput,
  ListAccountsForParentCommandOutput,
} from "@aws-sdk/client-organizations";
import { operation } from "../../engine/operation.ts";
import { accountIn, ownOrganization, parentIn } from "./caller.ts";
import { page } from "./page.ts";
import { accountResources, parentResources } from "./resources.ts";
import { type MemberAccount, type Organization, pathOf } from "./state.ts";

export const listAccounts = operation<ListAccountsCommandInput, Partial<ListAccountsCommandOutput>>({
  run(input, call) {
    const organization = ownOrganization(call);
    const { items, next } = page([...organization.accounts.values()], input);
    return { Accounts: items.map((account) => toAccount(organization, account)), NextToken: next };
  },
});

export const listAccountsForParent = operation<
  ListAccountsForParentCommandInput,
  Partial<ListAccountsForParentCommandOutput>
>({
  authorize: ({ ParentId }, call) => parentResources(call, ParentId),
  run(input, call) {
    const organization = ownOrganization(call);
    const { items, next } = page([...parentIn(organization, input.ParentId).accounts], input);
    return { Accounts: items.map((id) => toAccount(organization, accountIn(organization, id))), NextToken: next };
  },
});

export const describeAccount = operation<DescribeAccountCommandInput, Partial<DescribeAccountCommandOutput>>({
  authorize: ({ AccountId }, call) => accountResources(call, AccountId),
  run({ AccountId }, call) {
    const organization = ownOrganization(call);
    return { Account: toAccount(organization, accountIn(organization, AccountId)) };
  },
});

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
