import { readBlueprint } from "./blueprint.ts";

/** The physical name of the function whose handler is `functions/<file>.handler`. */
export async function functionOf(file: string): Promise<string> {
  const { resources } = await readBlueprint();
  const found = resources.find(({ handler }) => handler === `functions/${file}.handler`);
  return String(found?.inputs.name);
}

export const startBuildFunction = (): Promise<string> => functionOf("start-build");
