import type { Factory } from "../../core/factory/factory-schema.ts";

/** The factory to deploy. `run` sets it before importing the files that read it. */
export let factory: Factory;

export function setFactory(read: Factory): void {
  factory = read;
}
