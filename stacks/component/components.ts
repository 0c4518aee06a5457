import { addedDocuments, INSPECTOR_DOCUMENT, OPENSCAP_DOCUMENT } from "../../core/component/added-documents.ts";
import { documentName } from "../../core/component/document-path.ts";
import { releaseUpdates } from "../../core/component/operating-system.ts";
import { levelOf } from "../../core/evidence/cis.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { instancesOf } from "../build/instance-role.ts";
import { foldersOf } from "../bundle/folders.ts";
import { evidence } from "../evidence/evidence.ts";
import { factory } from "../program/given.ts";
import { logicalName, place, tags } from "../resources/deployment.ts";
import { keptVersions, versionOf } from "../resources/version.ts";
import { readComponentDocument } from "./component-document.ts";

interface RecipeComponent {
  readonly componentArn: $util.Input<string>;
  readonly parameters?: { name: string; value: $util.Input<string> }[];
}

/** The components of an image's recipe in their order. */
export function recipeComponents(image: Image): RecipeComponent[] {
  const { afterBuild, afterTests } = addedDocuments(image);
  const order = [...image.components, ...afterBuild, ...image.tests, ...afterTests];
  const uploads = (one: string) => [...afterBuild, ...afterTests].includes(one) && one !== INSPECTOR_DOCUMENT;
  return order.map((one) => {
    const settings = {
      ...(uploads(one) && { EvidenceBucket: evidence.bucket, RoleId: instancesOf(image).roleId }),
      ...settingsOf(one, image),
    };
    const parameters = Object.entries(settings).map(([name, value]) => ({ name, value }));
    return { componentArn: component(one), ...(parameters.length > 0 && { parameters }) };
  });
}

/** The parameters that follow from an image's config. */
function settingsOf(document: string, { gate: { cis }, triggers }: Image): Readonly<Record<string, string>> {
  if (releaseUpdates.some(({ ami, container }) => [ami, container].includes(documentName(document))))
    return { Release: triggers.packages?.release ?? "latest" };
  if (cis?.by === "inspector") {
    return document === INSPECTOR_DOCUMENT ? { Factory: factory.name, Level: levelOf(cis.level) } : {};
  }
  if (document !== OPENSCAP_DOCUMENT || !cis) return {};
  return { ContentUrl: cis.content.url, ContentSha256: cis.content.sha256, Profile: cis.profile };
}

const managedByAws = (name: string): string =>
  `arn:${place.partition}:imagebuilder:${place.region}:aws:component/${name}/x.x.x`;

function fromDocument(path: string): $util.Output<string> {
  const data = readComponentDocument(foldersOf($cli.paths.root), path);
  const stem = documentName(path);
  const logical = `Component${logicalName(stem)}`;
  const content = { name: `${factory.name}-${stem}`, platform: "Linux", data };
  const version = versionOf(logical, content);
  return new aws.imagebuilder.Component(logical, { ...content, version, tags }, keptVersions).arn;
}

const used = Object.values(factory.images).flatMap((image) => {
  const { afterBuild, afterTests } = addedDocuments(image);
  return [...image.components, ...image.tests, ...afterBuild, ...afterTests];
});

const components = new Map<string, $util.Input<string>>(
  [...new Set(used)].map((name) => [
    name,
    name.startsWith("aws:") ? managedByAws(name.slice("aws:".length)) : fromDocument(name),
  ]),
);

/** The ARN of a component as `factory.config.ts` names it: `aws:<name>` or a document's path. */
function component(name: string): $util.Input<string> {
  const found = components.get(name);
  if (!found) throw new Error(`There is no component ${name}; known are ${[...components.keys()].join(", ")}.`);
  return found;
}
