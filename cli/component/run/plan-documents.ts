import { existsSync, readFileSync } from "node:fs";
import { parseToeDocument, type ToeDocument, ToeDocumentError } from "component-runner/documents";
import { deployedParameters } from "../../../core/component/added-documents.ts";
import { documentPath, type Folders } from "../../../core/component/document-path.ts";
import { filledParameters } from "../../../core/component/filled-parameters.ts";
import { componentsOf, describeComponent } from "../../../core/component/image-components.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import type { Image } from "../../../core/factory/image-schema.ts";
import { refuseForWindows } from "./refuse-windows.ts";

/** One component of an image, in order: a document that can run, or one whose text only AWS has. */
export type PlannedDocument =
  | {
      readonly kind: "document";
      readonly title: string;
      readonly text: string;
      readonly document: ToeDocument;
      readonly parameters: Readonly<Record<string, string>>;
      /** Further parameters, known once the factory is deployed. */
      readonly deployed?: DeployedParameters;
    }
  | { readonly kind: "elsewhere"; readonly title: string };

export interface DeployedParameters {
  readonly names: readonly string[];
  readonly values: () => Promise<Readonly<Record<string, string>>>;
}

/** A document cannot run. The message has the form `file:line:column: problem`. */
class DocumentRefused extends Error {
  override readonly name = "DocumentRefused";
  readonly code = "DocumentRefused";
}

/** @throws DocumentRefused, WindowsRefused */
export function planDocument(
  title: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
  deployed?: DeployedParameters,
): PlannedDocument {
  if (!existsSync(path)) throw new DocumentRefused(`${title}: the document does not exist`);
  const text = readFileSync(path, "utf8");
  try {
    const document = parseToeDocument(text, "Linux");
    const missing = document.parameters.filter(
      (one) => one.default === undefined && parameters[one.name] === undefined && !deployed?.names.includes(one.name),
    );
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join(", ");
      throw new DocumentRefused(
        `${title}: no value for ${names}; give one by --parameter ${missing[0]?.name}=<value>, or in the config`,
      );
    }
    return { kind: "document", title, text, document, parameters, ...(deployed && { deployed }) };
  } catch (error) {
    if (!(error instanceof ToeDocumentError)) throw error;
    refuseForWindows(title, text);
    throw new DocumentRefused(`${title}:${error.line}:${error.column}: ${error.message}`, { cause: error });
  }
}

/**
 * The documents of an image's recipe.
 * @param recipe the deployed recipe's parameters for the component at an index
 */
export const planImage = (
  factory: Factory,
  image: Image,
  folders: Folders,
  recipe: (place: number) => Promise<Readonly<Record<string, string>>>,
): PlannedDocument[] =>
  componentsOf(image).map((component, place) => {
    const title = describeComponent(component);
    if (!("document" in component)) return { kind: "elsewhere", title };
    const { document } = component;
    const filled = Object.entries(filledParameters(document, image, factory));
    const parameters = {
      ...component.parameters,
      ...Object.fromEntries(filled.map(([name, { value }]) => [name, value])),
    };
    const names = deployedParameters(document);
    const deployed = names.length > 0 ? { names, values: () => recipe(place) } : undefined;
    return planDocument(title, documentPath(document, folders), parameters, deployed);
  });
