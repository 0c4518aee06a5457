import type { AwsError } from "./aws-error.ts";
import type { EmbeddedAws } from "./embedded-aws.ts";
import type { Principal } from "./principal.ts";

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

/** How CloudTrail writes the calls of one service. */
export interface RecordedService {
  /** `kms.amazonaws.com` */
  readonly eventSource: string;
  /** EventBridge's name of the source: `aws.kms`. */
  readonly source: string;
  /** Whether a call only reads. EventBridge hands those to no rule that has not asked for them, which is not built. */
  isRead(name: string): boolean;
  /**
   * Asked before the call, which can change the answer: the accounts beside the caller's that get the event of a call
   * that succeeds. A call that fails is recorded for its caller only.
   */
  otherAccounts?(input: object, call: Call): readonly string[];
  /** Other accounts read who called; left out: they read only the caller's account, as with KMS. */
  readonly namesCallers?: true;
  requestParameters(name: string, input: object): unknown;
  responseElements(name: string, output: unknown, call: Call, input: object): unknown;
  /** Fields of the event that only this service has. `output` is undefined where the call failed. */
  moreFields?(name: string, input: object, output: unknown, call: Call): Readonly<Record<string, unknown>>;
  /** How CloudTrail writes the code of a refusal, where it is not the API's code. */
  errorCode?(code: string): string;
  /**
   * Its events are made even when no rule can match them, with ids from the common sequence: so the ids of a run do
   * not depend on its rules. For services with few calls only.
   */
  readonly alwaysMade?: true;
}

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
