import { addedDocuments } from "../../core/component/added-documents.ts";
import type { Folders } from "../../core/component/document-path.ts";
import { parametersIn } from "../../core/component/named-parameters.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { readComponentDocument } from "../component/component-document.ts";

/** The parameters that builds read: those that component documents name, and those of the config. */
export function namedParameters({ images, instanceParameters }: Factory, folders: Folders): string[] {
  const documents = Object.values(images).flatMap((image) => {
    const { afterBuild, afterTests } = addedDocuments(image);
    return [...image.components, ...image.tests, ...afterBuild, ...afterTests];
  });
  const own = [...new Set(documents)].filter((one) => !one.startsWith("aws:"));
  const named = own.flatMap((path) => parametersIn(readComponentDocument(folders, path)));
  return [...new Set([...instanceParameters, ...named])].toSorted();
}
