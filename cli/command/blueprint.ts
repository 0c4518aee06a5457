import { readFile } from "node:fs/promises";
import type { Blueprint } from "embedded-aws/deploy";
import { blueprintOf, findProject } from "../../stacks/blueprint/project.ts";

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
