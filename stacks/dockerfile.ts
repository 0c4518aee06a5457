import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkDockerfile } from "../core/factory/check-dockerfile.ts";

/**
 * The text of a Dockerfile template that `factory.config.ts` names.
 * @throws Error naming the file where it is missing, or is none that Image Builder takes
 */
export function readDockerfile(root: string, path: string): string {
  const file = join(root, path);
  if (!existsSync(file))
    throw new Error(`factory.config.ts names the Dockerfile template ${path}; there is no such file.`);
  const text = readFileSync(file, "utf8");
  const faults = checkDockerfile(path, text);
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return text;
}
