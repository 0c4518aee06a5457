import type * as Sdk from "@aws-sdk/client-organizations";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { ownOrganization, parentIn, unitIn } from "./caller.ts";
import { constraintViolation, refusal } from "./refusals.ts";
import { parentResources } from "./resources.ts";
import { newUnit } from "./seed-organization.ts";
import { arnOf, lineOf, type Organization, rootOf, type Unit } from "./state.ts";
import { pairsOf, setTags } from "./tags.ts";
import { toUnit } from "./units.ts";

/** Quotas of the Organizations user guide: five levels of units below the root, and units in all. */
const DEEPEST = 5;
const MOST_UNITS = 2000;

export const operations = {
  CreateOrganizationalUnit: {
    authorize: ({ ParentId, Tags }, call) => parentResources(call, ParentId, requestTagContext(pairsOf(Tags))),
    run({ ParentId, Name = "", Tags }, call) {
      const organization = ownOrganization(call);
      const parent = parentIn(organization, ParentId);
      // The line has the root, too: a parent on the fifth level has a line of six.
      if (lineOf(organization, parent.id).length > DEEPEST) {
        throw constraintViolation("OU_DEPTH_LIMIT_EXCEEDED", `Units can be nested ${DEEPEST} levels deep at most.`);
      }
      if (organization.units.size > MOST_UNITS) {
        throw constraintViolation("OU_NUMBER_LIMIT_EXCEEDED", `An organization can have ${MOST_UNITS} units at most.`);
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
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

/** Among the units of one parent. */
function requireNewName(organization: Organization, parent: Unit, name: string): void {
  if ([...parent.units].some((id) => organization.units.get(id)?.name === name)) {
    throw refusal("DuplicateOrganizationalUnitException", "An OU with the same name already exists.");
  }
}
