import type { Factory } from "../../core/factory/factory-schema.ts";

/** The factory to deploy. `run` sets it before importing the files that read it. */
export let factory: Factory;

export function give(given: Factory): void {
  factory = given;
}
