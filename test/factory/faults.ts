import { defineFactory, FactoryConfigError } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { imageOf } from "../world/factory-of.ts";

/** A config of one image in one region. @param image its changes */
export const configWith = (changes: object = {}, image: object = {}): FactoryInput => ({
  name: "acme",
  buildRegion: "eu-west-1",
  regions: ["eu-west-1"],
  organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
  images: { base: imageOf(image) },
  ...changes,
});

/** What is wrong with a config; nothing if it is valid. */
export function faultsIn(define: () => unknown): readonly string[] {
  try {
    define();
  } catch (error) {
    if (error instanceof FactoryConfigError) return error.faults;
    throw error;
  }
  return [];
}

/** What is wrong with a config that has these changes, and its image these. */
export const faultsOf = (changes: object = {}, image: object = {}): readonly string[] =>
  faultsIn(() => defineFactory(configWith(changes, image)));
