/** `stacks/blueprint.json`: every resource of the program with its final inputs. */
export interface Blueprint {
  readonly factory: string;
  readonly stage: string;
  readonly account: string;
  readonly partition: string;
  readonly buildRegion: string;
  /** By type, then by name; a type and a name come once. */
  readonly resources: readonly BlueprintResource[];
}

export interface BlueprintResource {
  /** Pulumi's logical name. */
  readonly name: string;
  /** Pulumi's type token. */
  readonly type: string;
  readonly region: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Functions only: the source file and its export. */
  readonly handler?: string;
}
