import type * as Sdk from "@aws-sdk/client-ec2";
import { type Authorization, AwsError, type Operations } from "../../../engine/operation.ts";
import { invalidParameter, requireId, requirePageSize } from "../refusals.ts";
import { type AskedResources, findReferences, REFERENCING, type Referencing } from "./find-references.ts";

const STATES: readonly Sdk.InstanceStateName[] = [
  "pending",
  "running",
  "shutting-down",
  "stopped",
  "stopping",
  "terminated",
];

/** EC2 user guide, "Identify your resources referencing specified AMIs": default and maximum. */
const DEFAULT_DEPTH = 10;
const GREATEST_DEPTH = 10_000;

/** Options apply to their own type, whether all types are requested or some. @throws InvalidParameterValue */
function toAskedResources(
  all: boolean | undefined,
  some: readonly Sdk.ResourceTypeRequest[] | undefined = [],
): AskedResources {
  if (!all && some.length === 0) {
    throw invalidParameter("Either IncludeAllResourceTypes or ResourceTypes must be specified.");
  }
  const options = some.flatMap(({ ResourceType, ResourceTypeOptions = [] }) =>
    ResourceTypeOptions.map((option) => ({ type: toType(ResourceType), ...option })),
  );
  let states: ReadonlySet<Sdk.InstanceStateName> = new Set(STATES);
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

function toState(value: string): Sdk.InstanceStateName {
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

/**
 * The additional permissions for each requested type, and the principal that EC2 uses (EC2 user guide, "Identify your
 * resources referencing specified AMIs", "Required IAM permissions").
 */
const NEEDED: Readonly<Record<Referencing, readonly string[]>> = {
  "ec2:Instance": ["ec2:DescribeInstances"],
  "ec2:LaunchTemplate": ["ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"],
  "ssm:Parameter": ["ssm:DescribeParameters", "ssm:GetParameters"],
  "imagebuilder:ImageRecipe": ["imagebuilder:ListImageRecipes"],
  "imagebuilder:ContainerRecipe": ["imagebuilder:ListContainerRecipes", "imagebuilder:GetContainerRecipe"],
};
const THROUGH = "ec2-images.amazonaws.com";

export const operations = {
  /**
   * Resources of the caller's account that name images in this region, whichever account owns the images; an image need not
   * exist.
   */
  DescribeImageReferences: {
    list: "ImageReferences",
    authorize: (input, call) => [
      {},
      ...typesOf(input.IncludeAllResourceTypes, input.ResourceTypes)
        .flatMap((type) => NEEDED[type])
        .map(
          (action): Partial<Authorization> => ({
            action,
            context: { "aws:CalledVia": [THROUGH], "aws:CalledViaFirst": THROUGH, "aws:CalledViaLast": THROUGH },
            refusal: () => notPermitted(call.principal.arn, action),
          }),
        ),
    ],
    async run(input, call) {
      const asked = toAskedResources(input.IncludeAllResourceTypes, input.ResourceTypes);
      const ids = (input.ImageIds ?? []).map((id) => requireId(id, "ami-", "InvalidAMIID.Malformed"));
      const wanted = new Set(ids);
      const found = (await findReferences(call, asked)).filter(({ imageId }) => wanted.has(imageId));
      requirePageSize(input.MaxResults, 5, 1000);
      return {
        ImageReferences: found.map(({ imageId, type, arn }) => ({ ImageId: imageId, ResourceType: type, Arn: arn })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** The requested types that exist: request errors are reported after authorization. */
const typesOf = (all: boolean | undefined, some: readonly Sdk.ResourceTypeRequest[] = []): readonly Referencing[] =>
  all ? REFERENCING : REFERENCING.filter((type) => some.some(({ ResourceType }) => ResourceType === type));

/**
 * EC2 answers this error if the permission for another service's operation is missing; its message is not documented.
 */
const notPermitted = (principal: string, action: string): AwsError =>
  new AwsError(
    "UnauthorizedOperation",
    `You are not authorized to perform this operation. User: ${principal} is not authorized to perform: ${action} through ${THROUGH}`,
    { status: 403 },
  );
