import type { Component } from "../factory/component-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import { addedDocuments } from "./added-documents.ts";

/** All components of an image's recipe in order, including those that Amint adds. */
export function componentsOf(image: Pick<Image, "components" | "tests" | "gate" | "os">): Component[] {
  const { afterBuild, afterTests } = addedDocuments(image);
  return [...image.components, ...afterBuild.map(added), ...image.tests, ...afterTests.map(added)];
}

const added = (document: string): Component => ({ document, parameters: {} });

/** The documents among some components: `amint:<name>` and paths. */
export const documentsAmong = (components: readonly Component[]): string[] =>
  components.flatMap((one) => ("document" in one ? [one.document] : []));

/** A component's name in messages: `aws:<name>`, `amint:<name>`, a document's path, or an ARN. */
export function describeComponent(component: Component): string {
  if ("aws" in component) return `aws:${component.aws}`;
  return "arn" in component ? component.arn : component.document;
}

const SHIPPED = "amint:";

/** Absolute paths. */
export interface Folders {
  /** The folder of the factory's config. */
  readonly project: string;
  /** The folder of the amint package. */
  readonly program: string;
}

/**
 * The path of a component document: `amint:update-ubuntu` is `images/components/update-ubuntu.yaml` in the amint package, any
 * other name is a path in the project.
 */
export const documentPath = (document: string, { project, program }: Folders): string =>
  document.startsWith(SHIPPED)
    ? `${program}/images/components/${document.slice(SHIPPED.length)}.yaml`
    : `${project}/${document}`;

/** `update-ubuntu`, for `amint:update-ubuntu` and `images/components/update-ubuntu.yaml`. Part of the Image Builder component's name. */
export const documentName = (document: string): string =>
  document.startsWith(SHIPPED)
    ? document.slice(SHIPPED.length)
    : document.slice(document.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
