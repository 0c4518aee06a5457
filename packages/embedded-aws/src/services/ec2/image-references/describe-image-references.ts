import type * as Sdk from "@aws-sdk/client-ec2";
import type { ResourceTypeRequest } from "@aws-sdk/client-ec2";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Authorization, Operations } from "../../../engine/operation.ts";
import { requireId, requirePageSize } from "../refusals.ts";
import { toAskedResources } from "./asked-resources.ts";
import { findReferences, REFERENCING, type Referencing } from "./find-references.ts";

/**
 * What the caller must be allowed besides, for each type that is asked for, and through whom EC2 looks (EC2 user guide,
 * "Identify your resources referencing specified AMIs", "Required IAM permissions").
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
  /** What of the caller's own account names images in this region, of whomever they are; it need not exist. */
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

/** Those asked for that there are: what is wrong with a request is said after it was authorized. */
const typesOf = (all: boolean | undefined, some: readonly ResourceTypeRequest[] = []): readonly Referencing[] =>
  all ? REFERENCING : REFERENCING.filter((type) => some.some(({ ResourceType }) => ResourceType === type));

/** That a right to another service's operation is missing is EC2's refusal; its words are not documented. */
const notPermitted = (principal: string, action: string): AwsError =>
  new AwsError(
    "UnauthorizedOperation",
    `You are not authorized to perform this operation. User: ${principal} is not authorized to perform: ${action} through ${THROUGH}`,
    { status: 403 },
  );
