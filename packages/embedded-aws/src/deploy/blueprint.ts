/** A program's resources with their final inputs: what one deployment is made of. */
export interface Blueprint {
  /** 12 digits: where the resources are. */
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
  /** As the Pulumi provider takes them. JSON documents may stand as objects. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Functions only: the source file and its export, `functions/start-build.handler`. */
  readonly handler?: string;
  /**
   * By input, the logical names of the resources that its value comes from; under `dependsOn` those without an input. Left
   * out in the whole blueprint: references and types decide the order.
   */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
  readonly options?: ResourceOptions;
}

/** Pulumi's resource options that say how a later deployment treats a resource. */
export interface ResourceOptions {
  /** Left out: true where the type can be named by the provider and the inputs name it. */
  readonly deleteBeforeReplace?: boolean;
  /** It stays when the program no longer has it, or when another replaces it. */
  readonly retainOnDelete?: boolean;
  /** A deployment that would delete it is refused. */
  readonly protect?: boolean;
  /** Inputs whose changes are left alone. */
  readonly ignoreChanges?: readonly string[];
}
