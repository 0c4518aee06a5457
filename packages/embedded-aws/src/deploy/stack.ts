import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { defineState } from "../engine/state.ts";
import type { BlueprintResource } from "./blueprint.ts";
import type { Attributes } from "./references.ts";

/** A resource as it was deployed. */
export interface StackResource {
  readonly resource: BlueprintResource;
  /** With every reference replaced by its value. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly attributes: Attributes;
  /** The program's folder. */
  readonly root: string;
}

/** What earlier deployments left, like Pulumi's state. */
export interface Stack {
  readonly resources: Map<string, StackResource>;
  /** Replaced resources that are still to be deleted. */
  replaced: StackResource[];
}

const stacks = defineState("deployed stack", (): Stack => ({ resources: new Map(), replaced: [] }));

/** A program's stack: one for each account and region that programs are deployed to. */
export const stackOf = (aws: EmbeddedAws, account: string, region: string): Stack => aws.state(stacks, account, region);

/** Identifies a resource across deployments. */
export const keyOf = ({ type, name }: Pick<BlueprintResource, "type" | "name">): string => `${type} ${name}`;
