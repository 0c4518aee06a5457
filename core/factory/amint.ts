/** What `factory.config.ts` imports from `amint`. */
export { defineFactory, FactoryConfigError } from "./define-factory.ts";
export type { Factory, FactoryInput } from "./factory-schema.ts";
export { patchTuesday } from "./schedule-schema.ts";
