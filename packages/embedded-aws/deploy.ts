/** A program's resources as data, and their deployment by AWS's own API. */
export type { Blueprint, BlueprintResource } from "./src/deploy/blueprint.ts";
export { type Action, isDeletedFirst, replaces } from "./src/deploy/change.ts";
export { deploy, type Progress } from "./src/deploy/deploy.ts";
