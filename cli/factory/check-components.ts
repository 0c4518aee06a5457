import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { managedComponentNames, parseToeDocument, ToeDocumentError } from "embedded-aws/documents";
import { documentName, documentPath, type Folders } from "../../core/component/document-path.ts";
import { describeComponent } from "../../core/component/image-components.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Finding } from "./finding.ts";
import { meant, suggest } from "./suggest.ts";

/**
 * Component documents that are missing, or that AWSTOE would refuse, and components that AWS does not have.
 */
export function checkComponents({ images }: Pick<Factory, "images">, folders: Folders): Finding[] {
  const checked = new Set<string>();
  return Object.entries(images).flatMap(([name, image]) =>
    (["components", "tests"] as const).flatMap((list) =>
      image[list].flatMap((component, nth) => {
        const described = describeComponent(component);
        if (checked.has(described)) return [];
        checked.add(described);
        const where = `images.${name}.${list}[${nth}]`;
        if ("document" in component) return checkDocument(where, component.document, folders);
        return "aws" in component ? checkManaged(where, component.aws) : [];
      }),
    ),
  );
}

/** The list of AWS's components is not complete, so that only a name close to one of them is a fault. */
function checkManaged(where: string, name: string): Finding[] {
  if (managedComponentNames.includes(name)) return [];
  const close = meant(name, managedComponentNames);
  if (close) {
    return [{ where, what: `AWS has no component "aws:${name}"`, fix: `did you mean "aws:${close}"?` }];
  }
  const fix = "aws imagebuilder list-components --owner Amazon lists those that AWS has";
  return [{ where, what: `"aws:${name}" is not a component of AWS that Amint knows`, fix, warning: true }];
}

function missing(path: string, { program }: Folders): Omit<Finding, "where"> {
  const [, shipped] = /^amint:(.*)$/.exec(path) ?? [];
  if (!shipped) return { what: `there is no file "${path}"`, fix: "write the document, or name one that exists" };
  const names = readdirSync(join(program, "images/components")).map(documentName);
  return { what: `Amint has no component "${path}"`, fix: suggest(shipped, names) };
}

function checkDocument(where: string, path: string, folders: Folders): Finding[] {
  const file = documentPath(path, folders);
  if (!existsSync(file)) return [{ where, ...missing(path, folders) }];
  try {
    parseToeDocument(readFileSync(file, "utf8"), "Linux");
    return [];
  } catch (error) {
    if (!(error instanceof ToeDocumentError)) throw error;
    const { line, column, message, unknown } = error;
    const what = message
      .replace(/ \(line \d+\)$/, "")
      .replace(/^Failed to parse document\. Error: yaml: line \d+: /, "");
    return [
      {
        where: `${path}:${line}:${column}`,
        what,
        fix: unknown ? suggest(unknown.found, unknown.valid) : "correct the document",
      },
    ];
  }
}
