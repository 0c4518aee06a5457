import { isUploading } from "../../core/component/added-documents.ts";
import { checkParameters } from "../../core/component/check-parameters.ts";
import { filledParameters } from "../../core/component/filled-parameters.ts";
import { componentsOf, documentName, documentsAmong } from "../../core/component/image-components.ts";
import { imageSystemOf, type Platform } from "../../core/component/image-system.ts";
import type { Component } from "../../core/factory/component-schema.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { instancesOf } from "../build/instance-role.ts";
import { foldersOf } from "../bundle/folders.ts";
import { evidence } from "../evidence/evidence.ts";
import { factory } from "../program/factory.ts";
import { logicalName, place, tags } from "../resources/deployment.ts";
import { keptVersions, versionOf } from "../resources/version.ts";
import { declaredIn, readComponentDocument } from "./component-document.ts";

interface RecipeComponent {
  readonly componentArn: $util.Input<string>;
  readonly parameters?: { name: string; value: $util.Input<string> }[];
}

/** The components of an image's recipe in their order. */
export const recipeComponents = (image: Image): RecipeComponent[] =>
  componentsOf(image).map((component) => {
    const values = { ...component.parameters, ...filled(component, image) };
    if ("document" in component) requireDeclared(component.document, Object.keys(values));
    const parameters = Object.entries(values).map(([name, value]) => ({ name, value }));
    return { componentArn: arnOf(component), ...(parameters.length > 0 && { parameters }) };
  });

/** Parameters that the factory sets; the config cannot. */
function filled(component: Component, image: Image): Readonly<Record<string, $util.Input<string>>> {
  if (!("document" in component)) return {};
  const { document } = component;
  return {
    ...(isUploading(document) && { EvidenceBucket: evidence.bucket, RoleId: instancesOf(image).roleId }),
    ...Object.fromEntries(
      Object.entries(filledParameters(document, image, factory)).map(([name, { value }]) => [name, value]),
    ),
  };
}

/** @throws Error naming the document and the parameter, before Image Builder rejects the recipe */
function requireDeclared(document: string, given: readonly string[]): void {
  const { text } = made.get(document) ?? { text: "" };
  const [fault] = checkParameters(declaredIn(text), given);
  if (fault) throw new Error(`${document}: ${fault.what}.`);
}

function fromDocument(path: string, platform: Platform): { text: string; arn: $util.Output<string> } {
  const data = readComponentDocument(foldersOf($cli.paths.root), path);
  const stem = documentName(path);
  const logical = `Component${logicalName(stem)}`;
  const content = { name: `${factory.name}-${stem}`, platform, data };
  const version = versionOf(logical, content);
  return { text: data, arn: new aws.imagebuilder.Component(logical, { ...content, version, tags }, keptVersions).arn };
}

/** The components of the factory's own documents, by the documents' names in the config. */
const made = new Map(
  // Validation rejects a document in images of two platforms.
  [
    ...new Map(
      Object.values(factory.images).flatMap((image) =>
        documentsAmong(componentsOf(image)).map((document) => [document, imageSystemOf(image.os).platform]),
      ),
    ),
  ].map(([document, platform]) => [document, fromDocument(document, platform)]),
);

function arnOf(component: Component): $util.Input<string> {
  if ("arn" in component) return component.arn;
  if ("aws" in component)
    return `arn:${place.partition}:imagebuilder:${place.region}:aws:component/${component.aws}/x.x.x`;
  const found = made.get(component.document);
  if (!found)
    throw new Error(`${component.document} has no component; documents with one are ${[...made.keys()].join(", ")}.`);
  return found.arn;
}
