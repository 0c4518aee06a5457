import type { Factory } from "../../core/factory/factory-schema.ts";

/** The factory of `factory.config.ts`. @throws FactoryConfigError listing what is wrong in it */
export async function loadFactory(): Promise<Factory> {
  return (await import("../../factory.config.ts")).default;
}
