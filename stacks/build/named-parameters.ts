import { componentsOf, documentsAmong, type Folders } from "../../core/component/image-components.ts";
import { parametersIn } from "../../core/component/named-parameters.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { readComponentDocument } from "../component/component-document.ts";

/** The Parameter Store parameters that builds read: those that component documents name, and those in the config. */
export function namedParameters({ images, instanceParameters }: Factory, folders: Folders): string[] {
  const documents = new Set(Object.values(images).flatMap((image) => documentsAmong(componentsOf(image))));
  const named = [...documents].flatMap((path) => parametersIn(readComponentDocument(folders, path)));
  return [...new Set([...instanceParameters, ...named])].toSorted();
}
