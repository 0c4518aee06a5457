import type {
  DescribeOrganizationalUnitCommandInput,
  DescribeOrganizationalUnitCommandOutput,
  ListOrganizationalUnitsForParentCommandInput,
  ListOrganizationalUnitsForParentCommandOutput,
  ListRootsCommandInput,
  ListRootsCommandOutput,
  OrganizationalUnit,
} from "@aws-sdk/client-organizations";
import { operation } from "../../operation.ts";
import { managedOrganization, parentIn, unitIn } from "./caller.ts";
import { page } from "./page.ts";
import { parentResources } from "./resources.ts";
import { rootOf, type Unit } from "./state.ts";

export const listRoots = operation<ListRootsCommandInput, Partial<ListRootsCommandOutput>>({
  run(input, call) {
    const { items, next } = page([rootOf(managedOrganization(call))], input);
    return {
      Roots: items.map(({ id, arn, name }) => ({ Id: id, Arn: arn, Name: name, PolicyTypes: [] })),
      NextToken: next,
    };
  },
});

export const listOrganizationalUnitsForParent = operation<
  ListOrganizationalUnitsForParentCommandInput,
  Partial<ListOrganizationalUnitsForParentCommandOutput>
>({
  authorize: ({ ParentId }, call) => parentResources(call, ParentId),
  run(input, call) {
    const organization = managedOrganization(call);
    const parent = parentIn(organization, input.ParentId);
    const { items, next } = page(
      [...organization.units.values()].filter((unit) => unit.parent === parent.id),
      input,
    );
    return { OrganizationalUnits: items.map(toUnit), NextToken: next };
  },
});

export const describeOrganizationalUnit = operation<
  DescribeOrganizationalUnitCommandInput,
  Partial<DescribeOrganizationalUnitCommandOutput>
>({
  authorize: ({ OrganizationalUnitId }, call) => parentResources(call, OrganizationalUnitId),
  run: ({ OrganizationalUnitId }, call) => ({
    OrganizationalUnit: toUnit(unitIn(managedOrganization(call), OrganizationalUnitId)),
  }),
});

const toUnit = ({ id, arn, name }: Unit): OrganizationalUnit => ({ Id: id, Arn: arn, Name: name });
