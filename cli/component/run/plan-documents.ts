import { existsSync, readFileSync } from "node:fs";
import { parseToeDocument, type ToeDocument, ToeDocumentError } from "embedded-aws/documents";
import { documentPath, type Folders } from "../../../core/component/document-path.ts";
import { componentsOf, describeComponent } from "../../../core/component/image-components.ts";
import type { Image } from "../../../core/factory/image-schema.ts";

/** A component of an image in its order: a document that can run, or one whose text only AWS has. */
export type PlannedDocument =
  | {
      readonly kind: "document";
      readonly title: string;
      readonly text: string;
      readonly document: ToeDocument;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: "elsewhere"; readonly title: string };

/** A document cannot be carried out: `file:line:column`, what is wrong. */
class DocumentRefused extends Error {
  override readonly name = "DocumentRefused";
  readonly code = "DocumentRefused";
}

/** @throws DocumentRefused */
export function planDocument(
  title: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
): PlannedDocument {
  if (!existsSync(path)) throw new DocumentRefused(`${title}: the document does not exist`);
  const text = readFileSync(path, "utf8");
  try {
    const document = parseToeDocument(text, "Linux");
    const missing = document.parameters.filter(
      (one) => one.default === undefined && parameters[one.name] === undefined,
    );
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join(", ");
      throw new DocumentRefused(
        `${title}: no value for ${names}; give one by --parameter ${missing[0]?.name}=<value>, or in the config`,
      );
    }
    return { kind: "document", title, text, document, parameters };
  } catch (error) {
    if (!(error instanceof ToeDocumentError)) throw error;
    throw new DocumentRefused(`${title}:${error.line}:${error.column}: ${error.message}`, { cause: error });
  }
}

/**
 * The documents of an image's recipe.
 * @param filled values that the factory's deployment gives, by the component's place in the recipe
 */
export const planImage = (
  image: Image,
  folders: Folders,
  filled: (place: number) => Readonly<Record<string, string>>,
): PlannedDocument[] =>
  componentsOf(image).map((component, place) => {
    const title = describeComponent(component);
    if (!("document" in component)) return { kind: "elsewhere", title };
    return planDocument(title, documentPath(component.document, folders), {
      ...component.parameters,
      ...filled(place),
    });
  });
