import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Blueprint } from "embedded-aws/deploy";
import { blueprintOf, findProject, type Project } from "../../stacks/blueprint/project.ts";

/** The program's folder: the checkout, or the package's `dist`. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The program's folder with a project's config in the query, for the embedded AWS: `bundle.config.ts` reads it. */
export const programOf = ({ config }: Pick<Project, "config"> = findProject()): string =>
  `${root}?${new URLSearchParams({ config })}`;

const path = "blueprint.json";

/** The project's blueprint.json, written by `amint blueprint`. @throws BlueprintUnreadable, NoProject */
export async function readBlueprint(): Promise<Blueprint> {
  const file = blueprintOf(findProject());
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new BlueprintUnreadable(cause);
  }
}

class BlueprintUnreadable extends Error {
  override readonly name = "BlueprintUnreadable";

  constructor(cause: unknown) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const what = isMissing
      ? `${path} does not exist yet.`
      : `${path} cannot be read: ${cause instanceof Error ? cause.message : cause}.`;
    super(`${what}\nfix: \`npx amint blueprint\` writes it`, { cause });
  }
}

/** The physical name of the function whose handler is in the file with this name. @throws NoSuchFunction */
export function functionOf({ resources }: Blueprint, file: string): string {
  const found = resources.find(({ handler }) => handler?.endsWith(`/${file}.handler`));
  if (!found) throw new NoSuchFunction(file);
  return String(found.inputs.name);
}

class NoSuchFunction extends Error {
  override readonly name = "NoSuchFunction";

  constructor(file: string) {
    super(`${path} has no function with its handler in ${file}.ts; was it removed from stacks/?`);
  }
}
