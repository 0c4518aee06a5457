import { METRICS_NAMESPACE } from "../../core/monitoring/measure-image.ts";
import { functionBundle } from "../bundle/function-bundle.ts";
import { nameOf } from "../bundle/handlers.ts";
import { bus } from "./bus.ts";
import { deadLetters } from "./dead-letters.ts";
import { boundary, logicalName, place, resourceName, tags } from "./deployment.ts";
import { type Grant, trustPolicy } from "./grant.ts";
import ledgerWrites from "./ledger-writes.json" with { type: "json" };

type LedgerAction = "GetItem" | "BatchGetItem" | "Query" | "PutItem" | "UpdateItem" | "DeleteItem";

interface FunctionSettings {
  readonly timeoutSeconds: number;
  /** Lambda gives processor time by memory: a whole one at 1,769 MB. */
  readonly memoryMb?: number;
  /** What it does with the ledger; where it may write, `ledger-writes.json` says. */
  readonly ledger: LedgerAction[];
  /** Whether it puts events on the factory's bus. */
  readonly putsEvents?: true;
  readonly grants?: Grant[];
  readonly environment?: Record<string, $util.Input<string>>;
  /** The most executions at a time, reserved for it; left out: none. */
  readonly reservedConcurrency?: number | undefined;
  /** It invokes itself for what is left to do, which Lambda would stop after about 16 turns. */
  readonly invokesItself?: true;
}

/** A function that something waits for, so that its failure is the caller's to handle. */
export interface SyncFunction {
  readonly name: string;
  readonly arn: $util.Output<string>;
  readonly timeoutSeconds: number;
}

/** A function that takes events: AWS retries them, then parks them in the function's dead-letter queue. */
export interface AsyncFunction extends SyncFunction {
  readonly deadLetters: aws.sqs.Queue;
}

/** Of all that were made so far: the dashboard, which comes last, shows them. */
export const functionNames: string[] = [];

/** A function that the promotion or a person calls: the `handler` of `functions/<path>.ts`, named for its file. */
export const syncFunction = (path: string, settings: FunctionSettings): SyncFunction => create(path, settings);

/** A function that takes events of rules, schedules, or people: the `handler` of `functions/<path>.ts`, named for its file. */
export function asyncFunction(path: string, settings: FunctionSettings): AsyncFunction {
  const queue = deadLetters(nameOf(path));
  return { ...create(path, settings, queue), deadLetters: queue };
}

/**
 * X-Ray's daemon, which Lambda runs beside a traced function, writes with the function's role, by an API that has no
 * resources (service authorization reference, "AWS X-Ray").
 */
const tracing: Grant = { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources: ["*"] };

const toPutEvents: Grant = { actions: ["events:PutEvents"], resources: [bus.arn] };

const WRITES: ReadonlySet<LedgerAction> = new Set(["PutItem", "UpdateItem", "DeleteItem"]);

/**
 * Reads anything, and writes only the partitions that the function's code writes. Without `Null`, a request that names no
 * key would pass (IAM user guide, "ForAllValues"); a Scan has no keys.
 */
function onLedger(name: string, actions: LedgerAction[]): Grant[] {
  const partitions = partitionsWritten(name);
  const reads = actions.filter((action) => !WRITES.has(action));
  const writes = actions.filter((action) => WRITES.has(action));
  if (writes.length > 0 !== partitions.length > 0) {
    throw new Error(
      `${name} may ${writes.join(", ") || "only read"}, and its code writes ${partitions.join(", ") || "nothing"}`,
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

/** @throws where the list has no such function */
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
    // `sst dev` bundles by itself, anew after each change.
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
        // SST's own lets the whole account take the role.
        args.assumeRolePolicy = trustPolicy("lambda.amazonaws.com");
        Object.assign(args, boundary, { tags });
        return undefined;
      },
      function: (args) => {
        // Nothing is linked, so SST's own variables would only carry a key for nothing.
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
      // Its own name is known before; this one makes a dependency.
      functionName: arn.apply(() => resourceName(name)),
      recursiveLoop: "Allow",
    });
  }
  functionNames.push(resourceName(name));
  return { name: resourceName(name), arn, timeoutSeconds };
}

/** What the factory remembers: one partition per kind of record (`core/ledger/kinds.ts`). */
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
