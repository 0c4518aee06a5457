import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkDockerfile } from "../../core/factory/check-container.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { dockerfileOf } from "../../core/factory/image-schema.ts";
import type { Finding } from "./finding.ts";

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
