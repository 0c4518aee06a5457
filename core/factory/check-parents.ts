import { AMI_PARENTS } from "../names.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Parents outside the factory that Image Builder could not read, or that are in another region than the builds. */
export const checkParents = (factory: Pick<Factory, "images" | "buildRegion" | "executionRole">): string[] =>
  Object.entries(factory.images)
    .flatMap(([name, image]) => {
      const at = `images.${name}`;
      return [
        ...checkParameter(at, image, factory),
        ...checkPattern(at, image),
        ...checkManaged(at, image, factory),
        ...checkRoot(at, name, factory),
      ];
    })
    .concat(checkName(factory));

/** What Image Builder's service-linked role may read (managed policy AWSServiceRoleForImageBuilder). */
const READABLE = /^\/(aws\/service|imagebuilder)\//;

function checkParameter(
  at: string,
  { parent }: Image,
  { buildRegion, executionRole }: Pick<Factory, "buildRegion" | "executionRole">,
): string[] {
  if (!("ssm" in parent) || "ami" in parent) return [];
  const [, region = buildRegion, name = parent.ssm] =
    /^arn:[\w-]+:ssm:([^:]+):\d+:parameter(.+)$/.exec(parent.ssm) ?? [];
  const faults: string[] = [];
  if (region !== buildRegion) {
    faults.push(`${at}.parent.ssm: expected a parameter in the build region ${buildRegion}, found "${parent.ssm}"`);
  }
  if (!READABLE.test(name) && executionRole === undefined) {
    faults.push(
      `${at}.parent.ssm: expected a parameter below "/aws/service/" or "/imagebuilder/", because Image Builder's ` +
        `service-linked role reads no others, or an executionRole that may read it; found "${parent.ssm}"`,
    );
  }
  return faults;
}

function checkPattern(at: string, { parent, architecture }: Image): string[] {
  if (!("ami" in parent)) return [];
  const { ami } = parent;
  return ami.architecture !== undefined && ami.architecture !== architecture
    ? [`${at}.parent.ami.architecture: expected the image's "${architecture}", found "${ami.architecture}"`]
    : [];
}

function checkManaged(at: string, { parent }: Image, { buildRegion }: Pick<Factory, "buildRegion">): string[] {
  if (!("imageBuilder" in parent)) return [];
  const region = parent.imageBuilder.split(":")[3];
  return region === buildRegion
    ? []
    : [
        `${at}.parent.imageBuilder: expected an image in the build region ${buildRegion}, found "${parent.imageBuilder}"`,
      ];
}

/** Until a channel's first promotion, the parameter of its children contains the AMI of the root parent's parameter. */
function checkRoot(at: string, name: string, factory: Pick<Factory, "images">): string[] {
  const parent = factory.images[name]?.parent;
  const root = rootParent(factory, name);
  return parent && "image" in parent && root && "imageBuilder" in root
    ? [
        `${at}.parent.image: expected an image that starts from { ssm } or { ami }, found one that starts from an image that AWS manages, "${root.imageBuilder}"`,
      ]
    : [];
}

/** The parameters of parents by owner and name would look like channels of an image with this name. */
const checkName = ({ images }: Pick<Factory, "images">): string[] =>
  images[AMI_PARENTS] && Object.values(images).some(({ parent }) => "ami" in parent)
    ? [`images.${AMI_PARENTS}: expected another name, because the parameters of parents by owner and name use it`]
    : [];

/**
 * What an image starts from outside the factory, by its ancestors if its parent is one of the factory's images; undefined
 * where an ancestor is missing, or is its own.
 */
export function rootParent(
  { images }: Pick<Factory, "images">,
  name: string,
): Factory["images"][string]["parent"] | undefined {
  const seen = new Set<string>();
  for (let at = name; !seen.has(at); ) {
    seen.add(at);
    const parent = images[at]?.parent;
    if (!parent || !("image" in parent)) return parent;
    at = parent.image;
  }
  return undefined;
}
