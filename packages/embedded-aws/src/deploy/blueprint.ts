/** A program's resources with their final inputs: the input of a deployment. */
export interface Blueprint {
  /** 12 digits: the account that gets the resources. */
  readonly account: string;
  /** `aws` */
  readonly partition: string;
  /** The program's own region; resources can be in others. */
  readonly buildRegion: string;
  readonly resources: readonly BlueprintResource[];
}

export interface BlueprintResource {
  /** Pulumi's logical name. */
  readonly name: string;
  /** Pulumi's type token, e.g. `aws:sqs/queue:Queue`. */
  readonly type: string;
  readonly region: string;
  /** As the Pulumi provider takes them. JSON documents may be objects. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Functions only: source file and export, `functions/start-build.handler`. */
  readonly handler?: string;
  /**
   * By input, the logical names of the resources that its value comes from; `dependsOn` lists those without an input.
   * Omitted in the whole blueprint: references and types decide the order.
   */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly options?: ResourceOptions;
}

/** Pulumi's resource options that say how a later deployment treats a resource. */
export interface ResourceOptions {
  /** Omitted: true if the type can be named by the provider and the inputs name it. */
  readonly deleteBeforeReplace?: boolean;
  /** Not deleted when the program no longer has it, or when another resource replaces it. */
  readonly retainOnDelete?: boolean;
  /** A deployment that would delete it fails. */
  readonly protect?: boolean;
  /** Inputs whose changes are ignored. */
  readonly ignoreChanges?: readonly string[];
}
