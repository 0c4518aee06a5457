import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { managedComponentNames } from "embedded-aws/managed-components";
import { describeComponent, documentName, documentPath, type Folders } from "../../core/component/image-components.ts";
import type { ImageOs } from "../../core/component/image-system.ts";
import { checkDockerfile } from "../../core/factory/check-container.ts";
import type { Component } from "../../core/factory/component-schema.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { dockerfileOf } from "../../core/factory/image-schema.ts";
import { meant, suggest } from "../../core/factory/suggest.ts";
import { checkDocument } from "../component/check-document.ts";
import type { Finding } from "./finding.ts";

/**
 * Finds missing or faulty component documents, and components that AWS does not have. Each is checked once, for the
 * operating systems of all images that use it.
 */
export function checkComponents({ images }: Pick<Factory, "images">, folders: Folders): Finding[] {
  const uses = new Map<string, { component: Component; where: string; systems: ImageOs[] }>();
  for (const [name, image] of Object.entries(images)) {
    for (const list of ["components", "tests"] as const) {
      for (const [nth, component] of image[list].entries()) {
        const described = describeComponent(component);
        const use = uses.get(described) ?? { component, where: `images.${name}.${list}[${nth}]`, systems: [] };
        use.systems.push(image.os);
        uses.set(described, use);
      }
    }
  }
  return [...uses.values()].flatMap(({ component, where, systems }) => {
    if ("document" in component) return checkFile(where, component.document, folders, systems);
    return "aws" in component ? checkManaged(where, component.aws) : [];
  });
}

/** The list of AWS's components is incomplete, so only a near match is a fault; other names are warnings. */
function checkManaged(where: string, name: string): Finding[] {
  if (managedComponentNames.includes(name)) return [];
  const close = meant(name, managedComponentNames);
  if (close) {
    return [{ where, what: `AWS has no component "aws:${name}"`, fix: `did you mean "aws:${close}"?` }];
  }
  const fix = "aws imagebuilder list-components --owner Amazon lists those that AWS has";
  return [{ where, what: `"aws:${name}" is not a component of AWS that Amint knows`, fix, warning: true }];
}

/** The finding for a document that does not exist, with names that do. */
export function missing(path: string, { program }: Folders): Omit<Finding, "where"> {
  const [, shipped] = /^amint:(.*)$/.exec(path) ?? [];
  if (!shipped)
    return { what: `the file "${path}" does not exist`, fix: "write the document, or name one that exists" };
  const names = readdirSync(join(program, "images/components")).map(documentName);
  return { what: `Amint has no component "${path}"`, fix: suggest(shipped, names) };
}

function checkFile(where: string, path: string, folders: Folders, systems: readonly ImageOs[]): Finding[] {
  const file = documentPath(path, folders);
  if (!existsSync(file)) return [{ where, ...missing(path, folders) }];
  return checkDocument(path, readFileSync(file, "utf8"), systems);
}

/**
 * Finds Dockerfile templates that do not exist, or that Image Builder would reject.
 * @param root the folder that the config's paths start from
 */
export async function checkDockerfiles({ images }: Pick<Factory, "images">, root: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, image] of Object.entries(images)) {
    if (image.kind !== "container") continue;
    const where = `images.${name}.container.dockerfile`;
    const path = dockerfileOf(image);
    if (!path) continue;
    const template = await readFile(join(root, path), "utf8").catch(isMissing);
    if (template === undefined) {
      findings.push({
        where,
        what: `the file "${path}" does not exist`,
        fix: "write the template, or name an existing one",
      });
      continue;
    }
    const faults = checkDockerfile(where, template);
    findings.push(...faults.map((fault) => ({ where, what: fault.slice(where.length + 2), fix: `change ${path}` })));
  }
  return findings;
}

function isMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "EISDIR") return undefined;
  throw error;
}
