import { documentName } from "../component/document-path.ts";
import { documentsAmong } from "../component/image-components.ts";
import { releaseUpdates } from "../component/image-system.ts";
import { parseImageUri, parseReference } from "../containers/references.ts";
import { BUILDS } from "../names.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Settings that are for one kind of image only, and what is not built for container images. */
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
    `${at}.parent: expected ${expected} or { image, channel }, because it is of kind "${kind}", found { ${found} }`,
  ];
}

const refuseContainer = (at: string, { container }: Image): string[] =>
  container ? [`${at}.container: only images of kind "container" have it, leave it out`] : [];

function checkContainer(at: string, image: Image): string[] {
  const { volumeGiB, parent, components, gate, triggers, channels } = image;
  const faults: string[] = [];
  const documents = documentsAmong(components).map(documentName);
  const booting = releaseUpdates.find(({ ami }) => documents.includes(ami));
  if (booting) {
    faults.push(
      `${at}.components: expected "amint:${booting.container}" instead of ${booting.ami}, which boots what it updates`,
    );
  }
  if (volumeGiB !== undefined) {
    faults.push(`${at}.volumeGiB: a container image has no volume, leave it out; found ${volumeGiB}`);
  }
  if (gate.benchmark)
    faults.push(`${at}.gate.benchmark: benchmarks are for machines, leave it out of a container image`);
  if (gate.parent && "container" in parent) {
    faults.push(
      `${at}.gate.parent: needs a parent that is an image of this factory: nobody says since when a registry's tag means what it means`,
    );
  }
  if (triggers.base) faults.push(...checkBase(`${at}.triggers.base`, parent));
  return [...faults, ...channels.flatMap((channel, nth) => checkChannel(`${at}.channels[${nth}]`, channel))];
}

/** Only a tag can mean another image one day, and only one that is told without credentials is watched. */
function checkBase(at: string, parent: Image["parent"]): string[] {
  if (!("container" in parent)) return [`${at}: needs a parent of a registry, { container: "<image>:<tag>" }`];
  if (!parseReference(parent.container))
    return [`${at}: "${parent.container}" means the same image for ever, leave it out or name a tag`];
  return parseImageUri(parent.container)
    ? [
        `${at}: a private repository of ECR is not watched, leave it out; rebuild by a schedule or packages, or make its image one of this factory`,
      ]
    : [];
}

/** A channel has a repository of its own beside the builds', whose policy is written when the factory is deployed. */
function checkChannel(at: string, { name, share }: Image["channels"][number]): string[] {
  const faults: string[] = [];
  if (name === BUILDS) {
    faults.push(`${at}.name: the repository of the builds is called "${BUILDS}", choose another name`);
  }
  if (share.accountTags) {
    faults.push(`${at}.share.accountTags: not built for container images, name units or accounts`);
  }
  if (share.except) {
    faults.push(`${at}.share.except: not built for container images, name the units or accounts that it is for`);
  }
  return faults;
}
/** Image Builder fills these into a Dockerfile template ("Create a new version of a container recipe", its user guide). */
const VARIABLES = ["parentImage", "environments", "components"];

/** Of a template that is given with the recipe (`InlineDockerFileTemplate` in the API's model). */
const MOST_CHARACTERS = 16_000;

/**
 * What is wrong with a Dockerfile template, by its own text: every variable stands in it exactly as Image Builder spells
 * it, the parent in its `FROM`, and it fits into a recipe.
 * @param at where the config names it, for the messages
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
