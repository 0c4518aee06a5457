import type * as Sdk from "@aws-sdk/client-organizations";
import type { Child } from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { accountIn, ownOrganization, parentIn } from "./caller.ts";
import { page } from "./page.ts";
import { refusal } from "./refusals.ts";
import { accountResources, anyResources, parentResources } from "./resources.ts";

export const operations = {
  ListChildren: {
    authorize: ({ ParentId }, call) => parentResources(call, ParentId),
    run(input, call) {
      const { accounts, units } = parentIn(ownOrganization(call), input.ParentId);
      const { items, next } = page([...(input.ChildType === "ACCOUNT" ? accounts : units)], input);
      return { Children: items.map((id): Child => ({ Id: id, Type: input.ChildType })), NextToken: next };
    },
  },
  /** A child has exactly one parent. */
  ListParents: {
    authorize: ({ ChildId }, call) => anyResources(call, ChildId),
    run(input, call) {
      const { units, accounts } = ownOrganization(call);
      const parent = (accounts.get(input.ChildId ?? "") ?? units.get(input.ChildId ?? ""))?.parent;
      if (parent === undefined) {
        throw refusal("ChildNotFoundException", "You specified a child that doesn't exist.");
      }
      const { items, next } = page([parent], input);
      return {
        Parents: items.map((id) => ({ Id: id, Type: id.startsWith("r-") ? "ROOT" : "ORGANIZATIONAL_UNIT" })),
        NextToken: next,
      };
    },
  },
  MoveAccount: {
    authorize: (input, call) => [
      ...accountResources(call, input.AccountId),
      ...parentResources(call, input.SourceParentId),
      ...parentResources(call, input.DestinationParentId),
    ],
    run(input, call) {
      const organization = ownOrganization(call);
      const account = accountIn(organization, input.AccountId);
      const source = organization.units.get(input.SourceParentId ?? "");
      if (!source?.accounts.has(account.id)) {
        throw refusal(
          "SourceParentNotFoundException",
          "You specified a source parent that doesn't contain the account.",
        );
      }
      const destination = organization.units.get(input.DestinationParentId ?? "");
      if (!destination) {
        throw refusal("DestinationParentNotFoundException", "You specified a destination parent that doesn't exist.");
      }
      if (destination === source) {
        throw refusal("DuplicateAccountException", "The account is already present in the specified destination.");
      }
      source.accounts.delete(account.id);
      destination.accounts.add(account.id);
      account.parent = destination.id;
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
