import { createHash } from "node:crypto";
import { basename } from "node:path";
import { addedDocuments, INSPECTOR_DOCUMENT, OPENSCAP_DOCUMENT } from "../../core/component/added-documents.ts";
import { releaseUpdates } from "../../core/component/operating-system.ts";
import { levelOf } from "../../core/evidence/cis.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import factory from "../../factory.config.ts";
import { evidence } from "../evidence/evidence.ts";
import { logicalName, place, tags } from "../resources/deployment.ts";
import { readComponentDocument } from "./component-document.ts";

interface RecipeComponent {
  readonly componentArn: $util.Input<string>;
  readonly parameters?: { name: string; value: $util.Input<string> }[];
}

/** The components of an image's recipe in their order, and what of them a recipe's version follows from. */
export function recipeComponents(image: Image): { readonly list: RecipeComponent[]; readonly content: unknown } {
  const { afterBuild, afterTests } = addedDocuments(image);
  const order = [...image.components, ...afterBuild, ...image.tests, ...afterTests];
  const uploads = (one: string) => [...afterBuild, ...afterTests].includes(one) && one !== INSPECTOR_DOCUMENT;
  return {
    list: order.map((one) => {
      const settings = {
        ...(uploads(one) && { EvidenceBucket: evidence.bucket }),
        ...settingsOf(one, image),
      };
      const parameters = Object.entries(settings).map(([name, value]) => ({ name, value }));
      return { componentArn: component(one).arn, ...(parameters.length > 0 && { parameters }) };
    }),
    content: order.map((one) => [component(one).reference, settingsOf(one, image)]),
  };
}

/** The parameters that follow from an image's config. */
function settingsOf(document: string, { gate: { cis }, triggers }: Image): Readonly<Record<string, string>> {
  if (releaseUpdates.some(({ ami, container }) => document === ami || document === container))
    return { Release: triggers.packages?.release ?? "latest" };
  if (cis?.by === "inspector") {
    return document === INSPECTOR_DOCUMENT ? { Factory: factory.name, Level: levelOf(cis.level) } : {};
  }
  if (document !== OPENSCAP_DOCUMENT || !cis) return {};
  return { ContentUrl: cis.content.url, ContentSha256: cis.content.sha256, Profile: cis.profile };
}

const NODE = 1_000_000;

/**
 * A version `1.<0..999999>.<0..999999>` that follows from the content: the same content never bumps it, another one
 * does. Image Builder's components and recipes cannot be changed, only made anew under another version.
 */
export function contentVersion(content: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest();
  return `1.${hash.readUInt32BE(0) % NODE}.${hash.readUInt32BE(4) % NODE}`;
}

interface Component {
  readonly arn: $util.Input<string>;
  /** Changes with what the component does; part of its recipes' versions. */
  readonly reference: string;
}

const managedByAws = (name: string): Component => {
  const arn = `arn:${place.partition}:imagebuilder:${place.region}:aws:component/${name}/x.x.x`;
  return { arn, reference: arn };
};

/**
 * A replaced version is deleted once no recipe names it any more: kept ones would stand in the way when content, and
 * with it a version, comes back.
 */
function fromDocument(path: string): Component {
  const data = readComponentDocument($cli.paths.root, path);
  const stem = basename(path).replace(/\.ya?ml$/, "");
  const version = contentVersion(data);
  const { arn } = new aws.imagebuilder.Component(`Component${logicalName(stem)}`, {
    name: `${factory.name}-${stem}`,
    platform: "Linux",
    version,
    data,
    tags,
  });
  return { arn, reference: `${stem}/${version}` };
}

const used = Object.values(factory.images).flatMap((image) => {
  const { afterBuild, afterTests } = addedDocuments(image);
  return [...image.components, ...image.tests, ...afterBuild, ...afterTests];
});

const components = new Map(
  [...new Set(used)].map((name) => [
    name,
    name.startsWith("aws:") ? managedByAws(name.slice("aws:".length)) : fromDocument(name),
  ]),
);

/** A component as `factory.config.ts` names it: `aws:<name>` or a document's path. */
function component(name: string): Component {
  const found = components.get(name);
  if (!found) throw new Error(`There is no component ${name}; known are ${[...components.keys()].join(", ")}.`);
  return found;
}
