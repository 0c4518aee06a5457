import type { Factory } from "../../core/factory/factory-schema.ts";

/** The factory that the program deploys. `run` gives it, and only then loads the files that read it. */
export let factory: Factory;

export function give(given: Factory): void {
  factory = given;
}
