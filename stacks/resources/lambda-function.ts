import { METRICS_NAMESPACE } from "../../core/monitoring/measure-image.ts";
import { functionBundle } from "../bundle/function-bundle.ts";
import { nameOf } from "../bundle/handlers.ts";
import { bus } from "./bus.ts";
import { deadLetters } from "./dead-letters.ts";
import { boundary, logicalName, place, resourceName, tags } from "./deployment.ts";
import { type Grant, trustPolicy } from "./grant.ts";
import ledgerWrites from "./ledger-writes.json" with { type: "json" };

type LedgerAction = "GetItem" | "BatchGetItem" | "Query" | "PutItem" | "BatchWriteItem" | "UpdateItem" | "DeleteItem";

interface FunctionSettings {
  readonly timeoutSeconds: number;
  /** Lambda allocates CPU in proportion to memory: one vCPU at 1,769 MB. */
  readonly memoryMb?: number;
  /** The ledger actions that it needs; `ledger-writes.json` lists the partitions that it can write. */
  readonly ledger: LedgerAction[];
  /** Whether it puts events on the factory's bus. */
  readonly putsEvents?: true;
  readonly grants?: Grant[];
  readonly environment?: Record<string, $util.Input<string>>;
  /** Reserved concurrency; by default none is reserved. */
  readonly reservedConcurrency?: number | undefined;
  /** It invokes itself for remaining work; Lambda's loop detection would stop it after about 16 invocations. */
  readonly invokesItself?: true;
}

/** A function that is invoked synchronously: its caller handles failures. */
export interface SyncFunction {
  readonly name: string;
  readonly arn: $util.Output<string>;
  readonly timeoutSeconds: number;
}

/** A function that receives events: AWS retries failed ones, then sends them to the function's dead-letter queue. */
export interface AsyncFunction extends SyncFunction {
  readonly deadLetters: aws.sqs.Queue;
}

/** A function that a promotion or an operator calls: the `handler` of `functions/<path>.ts`, named after its file. */
export const syncFunction = (path: string, settings: FunctionSettings): SyncFunction => create(path, settings);

/** A function for events of rules, schedules and operators: the `handler` of `functions/<path>.ts`, named after its file. */
export function asyncFunction(path: string, settings: FunctionSettings): AsyncFunction {
  const queue = deadLetters(nameOf(path));
  return { ...create(path, settings, queue), deadLetters: queue };
}

/**
 * The X-Ray daemon, which Lambda runs next to a traced function, writes with the function's role. The API has no resource
 * types (service authorization reference, "AWS X-Ray").
 */
const tracing: Grant = { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] };

const toPutEvents: Grant = { actions: ["events:PutEvents"], resources: [bus.arn] };

const WRITES: ReadonlySet<LedgerAction> = new Set(["PutItem", "BatchWriteItem", "UpdateItem", "DeleteItem"]);

/**
 * Reads everything, and writes only the partitions that the function's code writes. Without `Null`, a request without keys
 * would be allowed (IAM user guide, "ForAllValues").
 */
function onLedger(name: string, actions: LedgerAction[]): Grant[] {
  const partitions = partitionsWritten(name);
  const reads = actions.filter((action) => !WRITES.has(action));
  const writes = actions.filter((action) => WRITES.has(action));
  if (writes.length > 0 !== partitions.length > 0) {
    throw new Error(
      `${name}: its ledger actions allow ${writes.join(", ") || "only reads"}, but its code writes ${partitions.join(", ") || "nothing"}`,
    );
  }
  const toLedger = (some: LedgerAction[]) => ({
    actions: some.map((action) => `dynamodb:${action}`),
    resources: [ledger.arn],
  });
  const variable = "dynamodb:LeadingKeys";
  const conditions = [
    { test: "ForAllValues:StringEquals", variable, values: [...partitions] },
    { test: "Null", variable, values: ["false"] },
  ];
  return [
    ...(reads.length > 0 ? [toLedger(reads)] : []),
    ...(writes.length > 0 ? [{ ...toLedger(writes), conditions }] : []),
  ];
}

/** @throws if the list does not contain the function */
function partitionsWritten(name: string): readonly string[] {
  const partitions = (ledgerWrites as Readonly<Record<string, readonly string[]>>)[name];
  if (!partitions) throw new Error(`stacks/resources/ledger-writes.json has no ${name}; run "npm run blueprint"`);
  return partitions;
}

function create(path: string, settings: FunctionSettings, queue?: aws.sqs.Queue): SyncFunction {
  const name = nameOf(path);
  const { timeoutSeconds, memoryMb = 512, putsEvents, grants = [], environment = {} } = settings;
  const park: Grant[] = queue ? [{ actions: ["sqs:SendMessage"], resources: [queue.arn] }] : [];
  const variables = {
    LEDGER_TABLE: ledger.name,
    BUS_NAME: bus.name,
    FACTORY_ACCOUNT: place.account,
    PARTITION: place.partition,
    POWERTOOLS_SERVICE_NAME: name,
    POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
    POWERTOOLS_LOG_LEVEL: "INFO",
    ...environment,
  };
  const { arn } = new sst.aws.Function(logicalName(name), {
    name: resourceName(name),
    handler: `functions/${path}.handler`,
    runtime: "nodejs24.x",
    architecture: "arm64",
    memory: `${memoryMb} MB`,
    timeout: `${timeoutSeconds} seconds`,
    logging: { retention: "6 months" },
    // `sst dev` bundles on its own after each change.
    ...(!$dev && { bundle: functionBundle(name) }),
    permissions: [
      ...onLedger(name, settings.ledger),
      ...(putsEvents ? [toPutEvents] : []),
      tracing,
      ...park,
      ...grants,
    ],
    ...(queue && { retries: 2 }),
    transform: {
      role: (args) => {
        args.name = resourceName(name);
        // SST's own trust policy allows the whole account to assume the role.
        args.assumeRolePolicy = trustPolicy("lambda.amazonaws.com");
        Object.assign(args, boundary, { tags });
        return undefined;
      },
      function: (args) => {
        // Without SST's own variables, which only linked resources need.
        args.environment = { variables };
        args.tracingConfig = { mode: "Active" };
        const { reservedConcurrency } = settings;
        if (reservedConcurrency !== undefined) args.reservedConcurrentExecutions = reservedConcurrency;
        args.tags = tags;
        return undefined;
      },
      logGroup: (args) => {
        args.tags = tags;
        return undefined;
      },
      eventInvokeConfig: (args) => {
        args.maximumEventAgeInSeconds = 6 * 3600;
        if (queue) args.destinationConfig = { onFailure: { destination: queue.arn } };
        return undefined;
      },
    },
  });
  if (settings.invokesItself) {
    new aws.lambda.FunctionRecursionConfig(`${logicalName(name)}Recursion`, {
      // Through the ARN, so that it depends on the function.
      functionName: arn.apply(() => resourceName(name)),
      recursiveLoop: "Allow",
    });
  }
  return { name: resourceName(name), arn, timeoutSeconds };
}

/** The factory's ledger: one partition per kind of record (`core/ledger/kinds.ts`). */
const ledger = new aws.dynamodb.Table("Ledger", {
  name: resourceName("ledger"),
  billingMode: "PAY_PER_REQUEST",
  attributes: [
    { name: "pk", type: "S" },
    { name: "sk", type: "S" },
  ],
  hashKey: "pk",
  rangeKey: "sk",
  ttl: { attributeName: "expires", enabled: true },
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true },
  deletionProtectionEnabled: true,
  tags,
});
