/** The exports of `amint`, for `factory.config.ts`. */
export { defineFactory, FactoryConfigError } from "./define-factory.ts";
export type { Factory, FactoryInput } from "./factory-schema.ts";
export { every, patchTuesday } from "./schedule-schema.ts";
