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
}
