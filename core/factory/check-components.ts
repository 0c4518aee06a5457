import { whyAdded } from "../component/added-documents.ts";
import { filledParameters } from "../component/filled-parameters.ts";
import { describeComponent, documentName } from "../component/image-components.ts";
import type { Component } from "./component-schema.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Components that a recipe cannot have, as far as the config shows. */
export const checkComponents = (factory: Factory): string[] =>
  Object.entries(factory.images).flatMap(([name, image]) => {
    const listed = (["components", "tests"] as const).flatMap((list) =>
      image[list].map((component, nth) => ({ at: `${list}[${nth}]`, component })),
    );
    return listed.flatMap(({ at, component }, index) => [
      ...checkOne(`images.${name}.${at}`, component, image, factory),
      ...listed
        .slice(0, index)
        .filter((earlier) => identity(earlier.component) === identity(component))
        .slice(0, 1)
        .map(
          (earlier) =>
            `images.${name}.${at}: expected each component once, found "${describeComponent(component)}", which is also ${earlier.at}`,
        ),
    ]);
  });

/** AWS does not document recipes that have a component twice, so they are refused here. */
function identity(component: Component): string {
  if ("aws" in component) return `aws/${component.aws}`;
  if ("document" in component) return documentName(component.document);
  const [owner, name] = component.arn.split(":").slice(4).join("/").split("/component/");
  return `${owner}/${name?.split("/")[0]}`;
}

function checkOne(at: string, component: Component, image: Image, factory: Factory): string[] {
  if ("aws" in component) return [];
  if ("arn" in component) {
    const region = component.arn.split(":")[3];
    if (region === factory.buildRegion) return [];
    return [`${at}.arn: expected a component of the build region "${factory.buildRegion}", found one of "${region}"`];
  }
  const { document, parameters } = component;
  const why = whyAdded(document);
  if (why) return [`${at}: "${document}" is ${why}; remove it`];
  return Object.entries(filledParameters(document, image, factory))
    .filter(([name]) => Object.hasOwn(parameters, name))
    .map(
      ([name, { value, from }]) =>
        `${at}.parameters.${name}: Amint sets this parameter from ${from} ("${value}"); remove it`,
    );
}
