import { documentName, documentsAmong } from "../component/image-components.ts";
import { releaseUpdates } from "../component/image-system.ts";
import { parseImageUri, parseReference } from "../containers/references.ts";
import { BUILDS } from "../names.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Keys that are valid for one kind of image only, and features that container images do not have. */
export const checkContainers = ({ images }: Pick<Factory, "images">): string[] =>
  Object.entries(images).flatMap(([name, image]) => {
    const at = `images.${name}`;
    return [
      ...checkParent(at, image, images),
      ...(image.kind === "container" ? checkContainer(at, image) : refuseContainer(at, image)),
    ];
  });

function checkParent(at: string, { kind, parent }: Image, images: Factory["images"]): string[] {
  if ("image" in parent) {
    const ancestor = images[parent.image];
    return ancestor && ancestor.kind !== kind
      ? [`${at}.parent.image: expected an image of kind "${kind}", found "${parent.image}" of kind "${ancestor.kind}"`]
      : [];
  }
  const [found] = Object.keys(parent);
  if ((kind === "container") === "container" in parent) return [];
  const expected = kind === "container" ? "{ container }" : "{ ssm }, { ami }, { imageBuilder }";
  return [
    `${at}.parent: expected ${expected} or { image, channel } for an image of kind "${kind}", found { ${found} }`,
  ];
}

const refuseContainer = (at: string, { container }: Image): string[] =>
  container ? [`${at}.container: valid only for images of kind "container"; remove it`] : [];

function checkContainer(at: string, image: Image): string[] {
  const { volumeGiB, parent, components, gate, triggers, channels } = image;
  const faults: string[] = [];
  const documents = documentsAmong(components).map(documentName);
  const booting = releaseUpdates.find(({ ami }) => documents.includes(ami));
  if (booting) {
    faults.push(
      `${at}.components: expected "amint:${booting.container}" for a container image, found "${booting.ami}", which is for AMIs`,
    );
  }
  if (volumeGiB !== undefined) {
    faults.push(`${at}.volumeGiB: a container image has no volume; remove it, found ${volumeGiB}`);
  }
  if (gate.benchmark)
    faults.push(
      `${at}.gate.benchmark: not supported for container images, because benchmarks evaluate an instance; remove it`,
    );
  if (gate.parent && "container" in parent) {
    faults.push(
      `${at}.gate.parent: requires a parent that is an image of this factory, because registries do not report since when a tag points at an image`,
    );
  }
  if (triggers.base) faults.push(...checkBase(`${at}.triggers.base`, parent));
  return [...faults, ...channels.flatMap((channel, nth) => checkChannel(`${at}.channels[${nth}]`, channel))];
}

/** Only a tag can point at another image later, and only tags that can be read without credentials are watched. */
function checkBase(at: string, parent: Image["parent"]): string[] {
  if (!("container" in parent)) return [`${at}: requires a parent in a registry, { container: "<image>:<tag>" }`];
  if (!parseReference(parent.container))
    return [`${at}: "${parent.container}" always means the same image; remove base, or name the parent by tag`];
  return parseImageUri(parent.container)
    ? [
        `${at}: private Amazon ECR repositories are not watched; remove base and rebuild by schedule or packages, or make the parent an image of this factory`,
      ]
    : [];
}

/** Each channel has a repository, besides the one of all builds; its policy is written when the factory is deployed. */
function checkChannel(at: string, { name, share }: Image["channels"][number]): string[] {
  const faults: string[] = [];
  if (name === BUILDS) {
    faults.push(`${at}.name: expected another name, because "${BUILDS}" is the repository of all builds`);
  }
  if (share.accountTags) {
    faults.push(`${at}.share.accountTags: not supported for container images; use organizationalUnits or accounts`);
  }
  if (share.except) {
    faults.push(
      `${at}.share.except: not supported for container images; list the organizationalUnits or accounts to share with`,
    );
  }
  return faults;
}
/** Image Builder replaces these in a Dockerfile template ("Create a new version of a container recipe", its user guide). */
const VARIABLES = ["parentImage", "environments", "components"];

/** Limit for a template within the recipe (`InlineDockerFileTemplate` in the API's model). */
const MOST_CHARACTERS = 16_000;

/**
 * Errors in a Dockerfile template's text: it must have every variable exactly as Image Builder spells it, the parent in its
 * `FROM`, and fit into a recipe.
 * @param at the config's path, for the messages
 */
export function checkDockerfile(at: string, template: string): string[] {
  const used = [...template.matchAll(/\{\{\{?\s*imagebuilder:([^}\s]*)\s*\}\}\}?/g)];
  const faults = VARIABLES.filter((name) => !used.some(([, one]) => one === name)).map(
    (name) => `${at}: expected ${variable(name)} in the template, found none`,
  );
  for (const [text, name = ""] of used) {
    if (!VARIABLES.includes(name)) {
      faults.push(`${at}: expected one of ${VARIABLES.map(variable).join(", ")}, found ${text}`);
    } else if (!/^\{\{\{.*\}\}\}$/.test(text)) {
      faults.push(`${at}: expected three braces on each side, ${variable(name)}, found ${text}`);
    }
  }
  const isParent = /^FROM\s+(--platform=\S+\s+)?\{\{\{\s*imagebuilder:parentImage\s*\}\}\}/im.test(template);
  if (used.some(([, name]) => name === "parentImage") && !isParent) {
    faults.push(`${at}: expected a line "FROM ${variable("parentImage")}", found none`);
  }
  if (template.length > MOST_CHARACTERS) {
    faults.push(`${at}: expected at most ${MOST_CHARACTERS} characters, found ${template.length}`);
  }
  return faults;
}

const variable = (name: string): string => `{{{ imagebuilder:${name} }}}`;
