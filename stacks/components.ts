import { basename } from "node:path";
import { addedDocuments } from "../core/factory/added-documents.ts";
import factory from "../factory.config.ts";
import { readComponentDocument } from "./component-document.ts";
import { contentVersion } from "./content-version.ts";
import { logicalName, place, tags } from "./deployment.ts";

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
export function component(name: string): Component {
  const found = components.get(name);
  if (!found) throw new Error(`There is no component ${name}; known are ${[...components.keys()].join(", ")}.`);
  return found;
}
