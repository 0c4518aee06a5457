import type * as Sdk from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import {
  accountIn,
  accountResources,
  anyResources,
  ownOrganization,
  pairsOf,
  parentIn,
  parentResources,
  setTags,
  unitIn,
} from "./resources.ts";
import { newUnit } from "./seed-organization.ts";
import {
  arnOf,
  constraintViolation,
  lineOf,
  type Organization,
  type OrganizationNode,
  pathOf,
  refusal,
  rootOf,
} from "./state.ts";

/** Quotas of the Organizations user guide: five levels of OUs below the root, and the number of OUs. */
const DEEPEST = 5;
const MOST_UNITS = 2000;

export const operations = {
  ListRoots: { list: "Roots", run: (_input, call) => ({ Roots: [toRoot(ownOrganization(call))] }) },
  ListOrganizationalUnitsForParent: {
    list: "OrganizationalUnits",
    authorize: ({ ParentId }, call) => parentResources(call, ParentId),
    run({ ParentId }, call) {
      const organization = ownOrganization(call);
      const ids = [...parentIn(organization, ParentId).units];
      return { OrganizationalUnits: ids.map((id) => toUnit(organization, unitIn(organization, id))) };
    },
  },
  DescribeOrganizationalUnit: {
    authorize: ({ OrganizationalUnitId }, call) => parentResources(call, OrganizationalUnitId),
    run({ OrganizationalUnitId }, call) {
      const organization = ownOrganization(call);
      return { OrganizationalUnit: toUnit(organization, unitIn(organization, OrganizationalUnitId)) };
    },
  },
  CreateOrganizationalUnit: {
    authorize: ({ ParentId, Tags }, call) => parentResources(call, ParentId, requestTagContext(pairsOf(Tags))),
    run({ ParentId, Name = "", Tags }, call) {
      const organization = ownOrganization(call);
      const parent = parentIn(organization, ParentId);
      // The line includes the root: a parent on the fifth level has a line of six.
      if (lineOf(organization, parent.id).length > DEEPEST) {
        throw constraintViolation("OU_DEPTH_LIMIT_EXCEEDED", `OUs can be nested ${DEEPEST} levels deep at most.`);
      }
      if (organization.units.size > MOST_UNITS) {
        throw constraintViolation("OU_NUMBER_LIMIT_EXCEEDED", `An organization can have ${MOST_UNITS} OUs at most.`);
      }
      requireNewName(organization, parent, Name);
      const id = `ou-${rootOf(organization).id.slice("r-".length)}-${call.aws.hexId(8)}`;
      const unit = newUnit({ id, arn: arnOf(organization, "ou", id), name: Name, parent: parent.id });
      setTags(organization, id, Tags);
      organization.units.set(id, unit);
      parent.units.add(id);
      return { OrganizationalUnit: toUnit(organization, unit) };
    },
  },
  UpdateOrganizationalUnit: {
    authorize: ({ OrganizationalUnitId }, call) => parentResources(call, OrganizationalUnitId),
    run({ OrganizationalUnitId, Name }, call) {
      const organization = ownOrganization(call);
      const unit = unitIn(organization, OrganizationalUnitId);
      if (Name !== undefined && Name !== unit.name) {
        requireNewName(organization, parentIn(organization, unit.parent), Name);
        unit.name = Name;
      }
      return { OrganizationalUnit: toUnit(organization, unit) };
    },
  },
  DeleteOrganizationalUnit: {
    authorize: ({ OrganizationalUnitId }, call) => parentResources(call, OrganizationalUnitId),
    run({ OrganizationalUnitId }, call) {
      const organization = ownOrganization(call);
      const unit = unitIn(organization, OrganizationalUnitId);
      if (unit.units.size > 0 || unit.accounts.size > 0) {
        throw refusal("OrganizationalUnitNotEmptyException", "The specified organizational unit is not empty.");
      }
      organization.units.get(unit.parent ?? "")?.units.delete(unit.id);
      organization.units.delete(unit.id);
      organization.tags.delete(unit.id);
      for (const targets of organization.attachments.values()) targets.delete(unit.id);
    },
  },
  ListChildren: {
    list: "Children",
    authorize: ({ ParentId }, call) => parentResources(call, ParentId),
    run({ ParentId, ChildType: Type }, call) {
      const { accounts, units } = parentIn(ownOrganization(call), ParentId);
      return { Children: [...(Type === "ACCOUNT" ? accounts : units)].map((Id): Sdk.Child => ({ Id, Type })) };
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
    },
  },
} satisfies Operations<typeof Sdk>;

const toUnit = (organization: Organization, { id, arn, name }: OrganizationNode): Sdk.OrganizationalUnit => ({
  Id: id,
  Arn: arn,
  Name: name,
  Path: pathOf(organization, id),
});

/** With its enabled policy types. */
export function toRoot(organization: Organization): Sdk.Root {
  const { id, arn, name } = rootOf(organization);
  const types = [...organization.policyTypes].map((Type) => ({ Type, Status: "ENABLED" as const }));
  return { Id: id, Arn: arn, Name: name, PolicyTypes: types };
}

/** Checks that the name is unique among a parent's OUs. */
function requireNewName(organization: Organization, parent: OrganizationNode, name: string): void {
  if ([...parent.units].some((id) => organization.units.get(id)?.name === name)) {
    throw refusal("DuplicateOrganizationalUnitException", "An OU with the same name already exists.");
  }
}
