import { existsSync, readFileSync } from "node:fs";
import { parseToeDocument, platformOf, ToeDocumentError } from "component-runner/documents";
import { managedParameters } from "embedded-aws/managed-components";
import { checkParameters, type Declared, type ParameterFault } from "../../core/component/check-parameters.ts";
import { filledParameters } from "../../core/component/filled-parameters.ts";
import { documentPath, type Folders } from "../../core/component/image-components.ts";
import type { Component } from "../../core/factory/component-schema.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { suggest } from "../../core/factory/suggest.ts";
import type { Finding } from "./finding.ts";

/** Finds parameters that documents do not declare, and declared ones without a value. `checkComponents` finds other faults. */
export const checkComponentParameters = (factory: Factory, folders: Folders): Finding[] =>
  Object.entries(factory.images).flatMap(([name, image]) =>
    (["components", "tests"] as const).flatMap((list) =>
      image[list].flatMap((component, nth) => {
        const declared = declaredBy(component, folders);
        if (!declared) return [];
        const filled = "document" in component ? filledParameters(component.document, image, factory) : {};
        const given = [...Object.keys(component.parameters), ...Object.keys(filled)];
        const at = `images.${name}.${list}[${nth}].parameters`;
        return checkParameters(declared, given).map((fault) => toFinding(at, fault, declared));
      }),
    ),
  );

/** Undefined if the document is unknown or cannot be read. */
function declaredBy(component: Component, folders: Folders): Declared | undefined {
  if ("document" in component) return readDeclared(documentPath(component.document, folders));
  const managed = "aws" in component ? component.aws : /:aws:component\/([^/]+)/.exec(component.arn)?.[1];
  const parameters = managed === undefined ? undefined : managedParameters(managed);
  return parameters && { parameters, constants: [] };
}

function readDeclared(file: string): Declared | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const text = readFileSync(file, "utf8");
    const { parameters, constants } = parseToeDocument(text, platformOf(text));
    return { parameters, constants: Object.keys(constants) };
  } catch (error) {
    if (error instanceof ToeDocumentError) return undefined;
    throw error;
  }
}

function toFinding(at: string, { kind, name, what }: ParameterFault, { parameters }: Declared): Finding {
  switch (kind) {
    case "unknown": {
      const known = parameters.map((one) => one.name);
      return { where: `${at}.${name}`, what, fix: known.length > 0 ? suggest(name, known) : "remove it" };
    }
    case "constant":
      return { where: `${at}.${name}`, what, fix: "remove it, or make the constant a parameter" };
    case "missing":
      return {
        where: at,
        what,
        fix: `give it a value: parameters: { ${/^\w+$/.test(name) ? name : `"${name}"`}: "..." }`,
      };
  }
}
