import { loadFactory } from "./load-factory.ts";

/** @throws UnknownRegion */
export async function requireRegion(region: string): Promise<void> {
  const { name, regions } = await loadFactory();
  if (!regions.includes(region)) throw new UnknownRegion(name, region, regions);
}

class UnknownRegion extends Error {
  override readonly name = "UnknownRegion";

  constructor(factory: string, region: string, regions: readonly string[]) {
    super(`the factory ${factory} has no region "${region}"; it has ${regions.join(", ")}`);
  }
}
