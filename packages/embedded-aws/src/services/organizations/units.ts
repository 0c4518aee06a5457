import type * as Sdk from "@aws-sdk/client-organizations";
import type { OrganizationalUnit, Root } from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { ownOrganization, parentIn, unitIn } from "./caller.ts";
import { parentResources } from "./resources.ts";
import { type Organization, pathOf, rootOf, type Unit } from "./state.ts";

export const operations = {
  ListRoots: {
    list: "Roots",
    run: (_input, call) => ({ Roots: [toRoot(ownOrganization(call))] }),
  },
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
} satisfies Operations<typeof Sdk>;

export const toUnit = (organization: Organization, { id, arn, name }: Unit): OrganizationalUnit => ({
  Id: id,
  Arn: arn,
  Name: name,
  Path: pathOf(organization, id),
});

/** With the policy types that are enabled in it. */
export function toRoot(organization: Organization): Root {
  const { id, arn, name } = rootOf(organization);
  const types = [...organization.policyTypes].map((Type) => ({ Type, Status: "ENABLED" as const }));
  return { Id: id, Arn: arn, Name: name, PolicyTypes: types };
}
