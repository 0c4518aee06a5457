import type { InstanceStateName, ResourceTypeRequest } from "@aws-sdk/client-ec2";
import { invalidParameter } from "../refusals.ts";
import { type AskedResources, REFERENCING, type Referencing } from "./find-references.ts";

const STATES: readonly InstanceStateName[] = [
  "pending",
  "running",
  "shutting-down",
  "stopped",
  "stopping",
  "terminated",
];

/** EC2 user guide, "Identify your resources referencing specified AMIs": by default, and at most. */
const DEFAULT_DEPTH = 10;
const GREATEST_DEPTH = 10_000;

/** Options count for their own type, whether all types are asked for or some. @throws InvalidParameterValue */
export function toAskedResources(
  all: boolean | undefined,
  some: readonly ResourceTypeRequest[] | undefined = [],
): AskedResources {
  if (!all && some.length === 0) {
    throw invalidParameter("Either IncludeAllResourceTypes or ResourceTypes must be specified.");
  }
  const options = some.flatMap(({ ResourceType, ResourceTypeOptions = [] }) =>
    ResourceTypeOptions.map((option) => ({ type: toType(ResourceType), ...option })),
  );
  let states: ReadonlySet<InstanceStateName> = new Set(STATES);
  let versionDepth = DEFAULT_DEPTH;
  for (const { type, OptionName, OptionValues = [] } of options) {
    if (type === "ec2:Instance" && OptionName === "state-name") states = new Set(OptionValues.map(toState));
    else if (type === "ec2:LaunchTemplate" && OptionName === "version-depth") versionDepth = toDepth(OptionValues);
    else throw invalidParameter(`Invalid option '${OptionName}' for resource type '${type}'.`);
  }
  const named = some.map(({ ResourceType }) => toType(ResourceType));
  return { types: new Set(all ? REFERENCING : named), states, versionDepth };
}

function toType(name: string | undefined): Referencing {
  const type = REFERENCING.find((one) => one === name);
  if (!type)
    throw invalidParameter(`Invalid value '${name}' for resource type. Valid values: ${REFERENCING.join(", ")}`);
  return type;
}

function toState(value: string): InstanceStateName {
  const state = STATES.find((one) => one === value);
  if (!state) throw invalidParameter(`Invalid value '${value}' for option 'state-name'. Valid: ${STATES.join(", ")}`);
  return state;
}

function toDepth([value, ...more]: readonly string[]): number {
  const depth = Number(value);
  if (Number.isInteger(depth) && depth >= 1 && depth <= GREATEST_DEPTH && more.length === 0) return depth;
  throw invalidParameter(
    `Invalid value '${[value, ...more].join(", ")}' for option 'version-depth': 1 to ${GREATEST_DEPTH}.`,
  );
}
