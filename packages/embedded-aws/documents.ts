/** Component documents of Image Builder, read as its TOE reads them, and the components that AWS owns. */
export { managedComponentNames } from "./src/services/imagebuilder/managed-components.ts";
export { ToeDocumentError } from "./src/services/imagebuilder/toe/document.ts";
export { parseToeDocument } from "./src/services/imagebuilder/toe/parse-document.ts";
