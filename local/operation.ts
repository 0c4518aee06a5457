import type { AwsError } from "./aws-error.ts";
import type { EmbeddedAws } from "./embedded-aws.ts";
import type { Principal } from "./principal.ts";
import type { RecordedService } from "./services/cloudtrail/record/recorded-service.ts";

/** One request, as an operation sees it. */
export interface Call {
  readonly aws: EmbeddedAws;
  /** The account whose resources are meant: the caller's. */
  readonly account: string;
  readonly region: string;
  readonly principal: Principal;
  readonly requestId: string;
}

/** What AWS authorizes a request against: the service authorization reference of each operation says it. */
export interface Authorization {
  /** IAM action, where it is not `<prefix>:<Operation>`: `lambda:InvokeFunction` for Invoke. */
  readonly action: string;
  /** ARNs, or `*` for operations without resource-level permissions. */
  readonly resources: readonly string[];
  /** Condition keys with their values in this request, e.g. `kms:GrantIsForAWSResource`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The resource's own policy (JSON), where it has one: queue, topic, key, function, bucket, bus. */
  readonly resourcePolicy?: string | undefined;
  /**
   * A policy (JSON) whose statements let the principals that they name through by themselves, whatever their account and
   * their own policies say, unless something denies: the grants of a KMS key.
   */
  readonly grants?: string | undefined;
  /** The account that owns the resource, where it can differ from the caller's. */
  readonly owner?: string;
  /** Who asks, where it is not the caller: the service that is to take a role. */
  readonly as?: Principal;
  /** What the service answers where this is refused, if not in IAM's words. */
  readonly refusal?: (resource: string) => AwsError;
}

export interface Operation<Input = never, Output = unknown> {
  /** Every authorization must be granted. Left out: `<prefix>:<Operation>` on `*`. */
  authorize?(input: Input, call: Call): readonly Partial<Authorization>[];
  run(input: Input, call: Call): Output | Promise<Output>;
}

/** Gives an operation the SDK's own input and output types. */
export const operation = <Input, Output>(definition: Operation<Input, Output>): Operation<Input, Output> => definition;

/** One AWS service: its schemas come from its SDK client, its behaviour from `operations`. */
export interface Service {
  /** SigV4 signing name: `imagebuilder`, `ec2`, `events`, `states`, ... */
  readonly name: string;
  /** IAM prefix, where it is not the signing name. */
  readonly prefix?: string;
  /** The one region of a global service (`us-east-1` for organizations, iam); resources are kept there. */
  readonly region?: string;
  /** The SDK client's module, whose exported schemas drive the wire. */
  readonly client: () => Promise<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, Operation>>;
  /** How CloudTrail writes its calls; left out: it records none of them here. */
  readonly recorded?: RecordedService;
}
