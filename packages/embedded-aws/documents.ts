/** Component documents of Image Builder, read as its TOE reads them. */
export { parseToeDocument } from "./src/services/imagebuilder/toe/parse-document.ts";
