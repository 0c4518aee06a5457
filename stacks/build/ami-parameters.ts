import type { AmiPattern } from "../../core/factory/parent-schema.ts";
import { factory } from "../program/factory.ts";
import { logicalName, tags } from "../resources/deployment.ts";

/** The newest AMI at deployment; afterwards `resolve-parents` updates it, with more checks than this lookup has. */
const findNewest = ({ owner, name }: AmiPattern, architecture: string) =>
  aws.ec2.getAmiOutput({
    owners: [owner],
    mostRecent: true,
    filters: [
      { name: "name", values: [name] },
      { name: "architecture", values: [architecture] },
      { name: "state", values: ["available"] },
    ],
  }).id;

/**
 * Parameters with the parent AMI of images whose parent is an owner's newest AMI. Deployments do not change value and
 * description, as in `parent-parameters.ts`. The first deployment fails if no AMI matches.
 */
const parameters = Object.entries(factory.images).flatMap(([image, { parent, architecture }]) =>
  "ami" in parent
    ? [
        [
          image,
          new aws.ssm.Parameter(
            `AmiParent${logicalName(image)}`,
            {
              name: parent.ssm,
              description: `What ${image} starts from: the newest AMI of ${parent.ami.owner} named ${parent.ami.name}`,
              type: "String",
              dataType: "aws:ec2:image",
              value: findNewest(parent.ami, architecture),
              tags,
            },
            { ignoreChanges: ["value", "description"] },
          ),
        ] as const,
      ]
    : [],
);

const byImage = new Map<string, aws.ssm.Parameter>(parameters);

/** The parameter of an image's parent. @throws Error if the parent is not configured by owner and name */
export function amiParameterOf(image: string): aws.ssm.Parameter {
  const found = byImage.get(image);
  if (!found) throw new Error(`The parent of ${image} is not an AMI by owner and name.`);
  return found;
}

/** The AMI in a parent's parameter: one of these parameters, or one that exists before the deployment. */
export function amiNamedBy(parameter: string): $util.Output<string> {
  const [image] =
    Object.entries(factory.images).find(([, { parent }]) => "ami" in parent && parent.ssm === parameter) ?? [];
  return image === undefined ? aws.ssm.getParameterOutput({ name: parameter }).value : amiParameterOf(image).value;
}
