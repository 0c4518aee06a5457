import type {
  Child,
  ListChildrenCommandInput,
  ListChildrenCommandOutput,
  ListParentsCommandInput,
  ListParentsCommandOutput,
  MoveAccountCommandInput,
} from "@aws-sdk/client-organizations";
import { AwsError } from "../../aws-error.ts";
import { operation } from "../../operation.ts";
import { accountIn, managedOrganization, parentIn } from "./caller.ts";
import { page } from "./page.ts";
import { accountResources, anyResources, parentResources } from "./resources.ts";

export const listChildren = operation<ListChildrenCommandInput, Partial<ListChildrenCommandOutput>>({
  authorize: ({ ParentId }, call) => parentResources(call, ParentId),
  run(input, call) {
    const { units, accounts, ...organization } = managedOrganization(call);
    const parent = parentIn({ units, accounts, ...organization }, input.ParentId).id;
    const all = input.ChildType === "ACCOUNT" ? accounts : units;
    const children = [...all.values()].filter((child) => child.parent === parent);
    const { items, next } = page(children, input);
    return { Children: items.map(({ id }): Child => ({ Id: id, Type: input.ChildType })), NextToken: next };
  },
});

/** A child has exactly one parent. */
export const listParents = operation<ListParentsCommandInput, Partial<ListParentsCommandOutput>>({
  authorize: ({ ChildId }, call) => anyResources(call, ChildId),
  run(input, call) {
    const { units, accounts } = managedOrganization(call);
    const parent = (accounts.get(input.ChildId ?? "") ?? units.get(input.ChildId ?? ""))?.parent;
    if (parent === undefined) {
      throw new AwsError("ChildNotFoundException", "You specified a child that doesn't exist.");
    }
    const { items, next } = page([parent], input);
    return {
      Parents: items.map((id) => ({ Id: id, Type: id.startsWith("r-") ? "ROOT" : "ORGANIZATIONAL_UNIT" })),
      NextToken: next,
    };
  },
});

export const moveAccount = operation<MoveAccountCommandInput, Record<string, never>>({
  authorize: (input, call) => [
    ...accountResources(call, input.AccountId),
    ...parentResources(call, input.SourceParentId),
    ...parentResources(call, input.DestinationParentId),
  ],
  run(input, call) {
    const organization = managedOrganization(call);
    const account = accountIn(organization, input.AccountId);
    if (account.parent !== input.SourceParentId) {
      throw new AwsError(
        "SourceParentNotFoundException",
        "You specified a source parent that doesn't contain the account.",
      );
    }
    if (!organization.units.has(input.DestinationParentId ?? "")) {
      throw new AwsError(
        "DestinationParentNotFoundException",
        "You specified a destination parent that doesn't exist.",
      );
    }
    if (input.DestinationParentId === input.SourceParentId) {
      throw new AwsError("DuplicateAccountException", "The account is already present in the specified destination.");
    }
    account.parent = input.DestinationParentId ?? account.parent;
    return {};
  },
});
