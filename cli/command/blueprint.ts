import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Blueprint } from "embedded-aws/deploy";

/** The checked-out program's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

const path = "stacks/blueprint.json";

/** What deploys, as `npm run blueprint` wrote it. @throws BlueprintUnreadable */
export async function readBlueprint(): Promise<Blueprint> {
  try {
    return JSON.parse(await readFile(`${root}${path}`, "utf8"));
  } catch (cause) {
    throw new BlueprintUnreadable(cause);
  }
}

class BlueprintUnreadable extends Error {
  override readonly name = "BlueprintUnreadable";

  constructor(cause: unknown) {
    super(
      `${path} cannot be read (${cause instanceof Error ? cause.message : cause}); \`npm run blueprint\` writes it.`,
      {
        cause,
      },
    );
  }
}

/** The physical name of the function whose handler lies in a file of that name. @throws NoSuchFunction */
export function functionOf({ resources }: Blueprint, file: string): string {
  const found = resources.find(({ handler }) => handler?.endsWith(`/${file}.handler`));
  if (!found) throw new NoSuchFunction(file);
  return String(found.inputs.name);
}

class NoSuchFunction extends Error {
  override readonly name = "NoSuchFunction";

  constructor(file: string) {
    super(`${path} deploys no function whose handler lies in ${file}.ts; was it taken out of stacks/?`);
  }
}
