/** A program's resources as data, and their deployment by AWS's own API. */
export type { Blueprint, BlueprintResource } from "./src/deploy/blueprint.ts";
export { deploy } from "./src/deploy/deploy.ts";
