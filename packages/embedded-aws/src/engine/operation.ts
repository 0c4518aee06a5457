import type { EmbeddedAws } from "./embedded-aws.ts";
import type { Principal } from "./principal.ts";

/** One request as an operation sees it. */
export interface Call {
  readonly aws: EmbeddedAws;
  /** The account whose resources the call uses: the caller's. */
  readonly account: string;
  readonly region: string;
  readonly principal: Principal;
  readonly requestId: string;
}

/** What AWS authorizes a request against, from each operation's entry in the service authorization reference. */
export interface Authorization {
  /** IAM action, if it is not `<prefix>:<Operation>`: `lambda:InvokeFunction` for Invoke. */
  readonly action: string;
  /** ARNs, or `*` for operations without resource-level permissions. */
  readonly resources: readonly string[];
  /** Condition keys with their values in this request, e.g. `kms:GrantIsForAWSResource`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The resource's policy (JSON), if it can have one: queue, topic, key, function, bucket, bus. */
  readonly resourcePolicy?: string | undefined;
  /**
   * A policy (JSON) whose statements alone allow the principals that they name, regardless of their account and their
   * own policies, unless a policy denies: the grants of a KMS key.
   */
  readonly grants?: string | undefined;
  /** The account that owns the resource, if it can differ from the caller's. */
  readonly owner?: string;
  /** The principal to authorize, if it is not the caller: for example the service that will assume a role. */
  readonly as?: Principal;
  /** The service's error for a denied request, if it does not use IAM's message. */
  readonly refusal?: (resource: string) => AwsError;
}

export interface Operation<Input = never, Output = unknown> {
  /** Every authorization must be granted. Omitted: `<prefix>:<Operation>` on `*`. */
  authorize?(input: Input, call: Call): readonly Partial<Authorization>[];
  run(input: Input, call: Call): Output | Promise<Output>;
}

/** How a service's lists are paged. */
export interface Paging {
  /** The input's member with the token: `NextToken`, `Marker`. */
  readonly asked: string;
  /** The output's member with the token of the next page: `NextMarker`; omitted: it has the same name. */
  readonly given?: string;
  /** The input's member with the page size. */
  readonly size: string;
  /** Items of a page if the request gives no size, or 0; omitted: `most`. */
  readonly usual?: number;
  /** Maximum items of a page, whatever size is requested; omitted: unlimited. */
  readonly most?: number;
  /** The output's member that says whether another page follows, if the service has one: `IsTruncated`. */
  readonly more?: string;
  /** The service's error code for an invalid token. */
  readonly refusal: string;
}

/** The output's member with the list's items, and how its paging differs from the service's. */
type ListOf<Member extends string> = Member | (Partial<Paging> & { readonly items?: Member });

/** One operation of a service. */
export interface ServiceOperation<Input = never, Output = unknown, Member extends string = string>
  extends Operation<Input, Output> {
  /**
   * `run` answers all items, and the engine cuts the page, by the paging of the service or of the operation. Omitted,
   * or without `items`: `run` cuts the page itself.
   */
  readonly list?: ListOf<Member>;
}

/** Blobs and streams as an operation sees them: the wire reads them completely, and writes them. */
type Bytes<Members> = {
  [Name in keyof Members]: Uint8Array extends Members[Name]
    ? Uint8Array | undefined
    : NonNullable<Members[Name]> extends Uint8Array | { transformToByteArray(): unknown }
      ? Uint8Array | undefined
      : Members[Name];
};

/** Input and output of an SDK command. */
type Taken<Command> = Command extends { readonly input: infer Input } ? Bytes<Input> : never;
type Answered<Command> = Command extends {
  resolveMiddleware(...args: never): (args: never) => Promise<{ output: infer Output }>;
}
  ? Omit<Bytes<Output>, "$metadata">
  : never;

/** What `run` returns: nothing for an output of which no member is required and none is set. */
type Returned<Output> = object extends Output ? Output | undefined : Output;

/**
 * Operations of a service, by name, with the input and output of the SDK's commands: `satisfies Operations<typeof
 * Sdk>`.
 * @template Sdk the SDK client's module
 */
export type Operations<Sdk> = {
  readonly [Name in keyof Sdk as Name extends `${infer Call}Command` ? Call : never]?: Sdk[Name] extends new (
    ...args: never
  ) => infer Command
    ? ServiceOperation<Taken<Command>, Returned<Answered<Command>>, Extract<keyof Answered<Command>, string>>
    : never;
};

/** How CloudTrail records the calls of one service. */
export interface RecordedService {
  /** `kms.amazonaws.com` */
  readonly eventSource: string;
  /** The source in EventBridge's events: `aws.kms`. */
  readonly source: string;
  /** Whether a call only reads. EventBridge delivers those only to rules that request them, which is not built. */
  isRead(name: string): boolean;
  /**
   * Evaluated before the call, which can change the result: the accounts besides the caller's that get the event of a
   * successful call. A failed call is recorded only for its caller.
   */
  otherAccounts?(input: object, call: Call): readonly string[];
  /** Events in other accounts contain the caller; omitted: only the caller's account, as with KMS. */
  readonly namesCallers?: true;
  requestParameters(name: string, input: object): unknown;
  responseElements(name: string, output: unknown, call: Call, input: object): unknown;
  /** Fields of the event that only this service has. `output` is undefined if the call failed. */
  moreFields?(name: string, input: object, output: unknown, call: Call): Readonly<Record<string, unknown>>;
  /** How CloudTrail writes an error's code, if it differs from the API's code. */
  errorCode?(code: string): string;
  /**
   * Its events are always created, even if no rule can match them, with ids from the common sequence: so the ids of a
   * run do not depend on its rules. Only for services with few calls.
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
  /** IAM prefix, if it differs from the signing name. */
  readonly prefix?: string;
  /** The only region of a global service (`us-east-1` for organizations, iam), which keeps the resources. */
  readonly region?: string;
  /** The SDK client's module, whose exported schemas drive the wire. */
  readonly client: () => Promise<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, ServiceOperation>>;
  /** Its error codes for throttling and internal failures; omitted: AWS's common ones. */
  readonly errors?: ServiceErrors;
  /** How its lists are paged; omitted: each paged operation states it. */
  readonly paging?: Paging;
  /** How CloudTrail records its calls; omitted: not recorded here. */
  readonly recorded?: RecordedService;
}

/** An error as AWS answers it: `code` as in the service's API reference, and its message. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  /** HTTP status, if it is neither the one of the service's model nor, for an error without a model, 400. */
  readonly status: number | undefined;
  /** Members besides the message, named as in the SDK's class: `Item` of a failed condition. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; cause?: unknown; members?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.members = options.members ?? {};
  }
}
