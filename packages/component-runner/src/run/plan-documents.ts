import { existsSync, readFileSync } from "node:fs";
import type { ToePlatform } from "../language/actions.ts";
import { type ToeDocument, ToeDocumentError } from "../language/document.ts";
import { parseToeDocument } from "../language/parse-document.ts";

/** A document that can run. */
interface Runnable {
  readonly kind: "document";
  readonly title: string;
  readonly text: string;
  readonly document: ToeDocument;
  readonly parameters: Readonly<Record<string, string>>;
  readonly later?: LaterParameters | undefined;
}

/** One component of an image: a document that can run, or one whose text only AWS has. */
export type PlannedDocument = Runnable | { readonly kind: "elsewhere"; readonly title: string };

/** Further parameters, known only when the run's AWS is complete. */
interface LaterParameters {
  readonly names: readonly string[];
  readonly values: () => Promise<Readonly<Record<string, string>>>;
}

/** A document cannot run. The message has the form `file:line:column: problem`. */
class DocumentRefused extends Error {
  override readonly name = "DocumentRefused";
  readonly code = "DocumentRefused";
}

/** Documents for Windows cannot run on this machine. */
export class WindowsRefused extends Error {
  override readonly name = "WindowsRefused";
  readonly code = "WindowsRefused";

  /** @param what a document, or a system as it was asked for @param advice a sentence: what can be done instead */
  constructor(what: string, advice = '"component-runner check" checks their PowerShell.') {
    super(`${what}: documents for Windows cannot run on this machine, only those for Linux. ${advice}`);
  }
}

interface DocumentFile extends Pick<Runnable, "title" | "parameters" | "later"> {
  readonly path: string;
  /** A sentence for WindowsRefused. */
  readonly advice?: string;
}

/** @throws DocumentRefused, WindowsRefused */
export function planDocument({ title, path, parameters, later, advice }: DocumentFile): PlannedDocument {
  if (!existsSync(path)) throw new DocumentRefused(`${title}: the document does not exist`);
  const text = readFileSync(path, "utf8");
  try {
    const document = parseToeDocument(text, "Linux");
    const missing = document.parameters.filter(
      (one) => one.default === undefined && parameters[one.name] === undefined && !later?.names.includes(one.name),
    );
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join(", ");
      const example = `--parameter ${missing[0]?.name}=<value>`;
      throw new DocumentRefused(`${title}: no value for ${names}; give one, such as by ${example}`);
    }
    return { kind: "document", title, text, document, parameters, ...(later && { later }) };
  } catch (error) {
    if (!(error instanceof ToeDocumentError)) throw error;
    if (isFor("Windows", text)) throw new WindowsRefused(title, advice);
    throw new DocumentRefused(`${title}:${error.line}:${error.column}: ${error.message}`, { cause: error });
  }
}

function isFor(platform: ToePlatform, text: string): boolean {
  try {
    parseToeDocument(text, platform);
    return true;
  } catch (error) {
    if (error instanceof ToeDocumentError) return false;
    throw error;
  }
}
