import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { Inputs } from "./inputs.ts";
import type { Attributes } from "./references.ts";

/** Where a resource is created, and by what means. */
export interface Site {
  readonly aws: EmbeddedAws;
  readonly account: string;
  readonly region: string;
  /** The resource's logical name, for messages. */
  readonly name: string;
  /** The program's folder: sources of functions. */
  readonly root: string;
  /** Functions only. */
  readonly handler: string | undefined;
  /** An API operation, as the account. */
  call<Output = unknown>(signingName: string, operation: string, input: object): Promise<Output>;
}

/** Creates one Pulumi type's resources by AWS's API; answers what others may refer to. */
export type Creator = (inputs: Inputs, site: Site) => Promise<Attributes>;

/** Tags as most APIs take them. */
export const tagList = (inputs: Inputs): { Key: string; Value: string }[] =>
  Object.entries(inputs.textMap("tags") ?? {}).map(([Key, Value]) => ({ Key, Value }));

/** Nothing that AWS made up: its ARN follows from its name. */
export const known = (id: string, arn: string): Attributes => ({ id, name: id, arn });
