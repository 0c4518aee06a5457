import type * as Sdk from "@aws-sdk/client-organizations";
import type { Child } from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { accountIn, ownOrganization, parentIn } from "./caller.ts";
import { refusal } from "./refusals.ts";
import { accountResources, anyResources, parentResources } from "./resources.ts";

export const operations = {
  ListChildren: {
    list: "Children",
    authorize: ({ ParentId }, call) => parentResources(call, ParentId),
    run({ ParentId, ChildType: Type }, call) {
      const { accounts, units } = parentIn(ownOrganization(call), ParentId);
      return { Children: [...(Type === "ACCOUNT" ? accounts : units)].map((Id): Child => ({ Id, Type })) };
    },
  },
  /** A child has exactly one parent. */
  ListParents: {
    list: "Parents",
    authorize: ({ ChildId }, call) => anyResources(call, ChildId),
    run({ ChildId = "" }, call) {
      const { units, accounts } = ownOrganization(call);
      const parent = (accounts.get(ChildId) ?? units.get(ChildId))?.parent;
      if (parent === undefined) {
        throw refusal("ChildNotFoundException", "You specified a child that doesn't exist.");
      }
      return { Parents: [{ Id: parent, Type: parent.startsWith("r-") ? "ROOT" : "ORGANIZATIONAL_UNIT" }] };
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
