import type { AmiPattern } from "../../core/factory/parent-schema.ts";
import { factory } from "../program/given.ts";
import { logicalName, tags } from "../resources/deployment.ts";

/** The newest AMI at the deployment; from then on `resolve-parents` decides by more than this lookup can. */
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
 * What recipes start from whose parent is an owner's newest AMI. Deployments leave value and description alone, as those of
 * `parent-parameters.ts`; without a matching AMI the first one fails.
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

/** The parameter of an image's parent by owner and name. @throws Error where it has no such parent */
export function amiParameterOf(image: string): aws.ssm.Parameter {
  const found = byImage.get(image);
  if (!found) throw new Error(`The parent of ${image} is not an AMI by owner and name.`);
  return found;
}

/** What a parameter that images start from names: one of these, or one that is there before the deployment. */
export function amiNamedBy(parameter: string): $util.Output<string> {
  const [image] =
    Object.entries(factory.images).find(([, { parent }]) => "ami" in parent && parent.ssm === parameter) ?? [];
  return image === undefined ? aws.ssm.getParameterOutput({ name: parameter }).value : amiParameterOf(image).value;
}
