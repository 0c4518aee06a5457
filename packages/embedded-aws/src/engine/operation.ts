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

/** How a service's lists are asked for page by page. */
export interface Paging {
  /** The input's member with the token: `NextToken`, `Marker`. */
  readonly asked: string;
  /** The output's member with the token of the next page: `NextToken`, `NextMarker`. */
  readonly given: string;
  /** The input's member with the size of a page. */
  readonly size: string;
  /** Items of a page that names no size, or 0; left out: `most`. */
  readonly usual?: number;
  /** Items of a page, whatever its size asks for; left out: all. */
  readonly most?: number;
  /** The output's member that says whether there is another page, where the service has one: `IsTruncated`. */
  readonly more?: string;
  /** The service's own error code for a token that is not one of its own. */
  readonly refusal: string;
}

/** The member of a list's output with its items, and where its paging differs from the service's. */
type ListOf<Member extends string> = Member | (Partial<Paging> & { readonly items?: Member });

/** An operation as a service has it. */
export interface ServiceOperation<Input = never, Output = unknown, Member extends string = string>
  extends Operation<Input, Output> {
  /**
   * `run` answers all items, and the engine cuts the page, as the service's paging or the operation's own has it. Left
   * out, or without `items`: `run` cuts the page itself.
   */
  readonly list?: ListOf<Member>;
}

/** Blobs and streams as an operation has them: the wire reads them whole, and writes them. */
type Bytes<Members> = {
  [Name in keyof Members]: Uint8Array extends Members[Name]
    ? Uint8Array | undefined
    : NonNullable<Members[Name]> extends Uint8Array | { transformToByteArray(): unknown }
      ? Uint8Array | undefined
      : Members[Name];
};

/** What a command of the SDK takes and answers. */
type Taken<Command> = Command extends { readonly input: infer Input } ? Bytes<Input> : never;
type Answered<Command> = Command extends {
  resolveMiddleware(...args: never): (args: never) => Promise<{ output: infer Output }>;
}
  ? Omit<Bytes<Output>, "$metadata">
  : never;

/**
 * Operations of a service, by name, with the input and output of the SDK's commands: `satisfies Operations<typeof Sdk>`.
 * @template Sdk the SDK client's module
 */
export type Operations<Sdk> = {
  readonly [Name in keyof Sdk as Name extends `${infer Call}Command` ? Call : never]?: Sdk[Name] extends new (
    ...args: never
  ) => infer Command
    ? ServiceOperation<Taken<Command>, Answered<Command>, Extract<keyof Answered<Command>, string>>
    : never;
};

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

/** Codes and statuses from a service's API reference ("Common Errors", and the operations' own). */
export interface ServiceErrors {
  readonly throttled: readonly [code: string, status: number];
  readonly failed: readonly [code: string, status: number];
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
  readonly operations: Readonly<Record<string, ServiceOperation>>;
  /** Its codes for requests that fail through no fault of theirs; left out: AWS's common ones. */
  readonly errors?: ServiceErrors;
  /** How its lists come in pages; left out: an operation that has pages says so itself. */
  readonly paging?: Paging;
  /** How CloudTrail writes its calls; left out: it records none of them here. */
  readonly recorded?: RecordedService;
}
