import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import type * as z from "zod";
import { type ClientOf, clientsOf, type Invocation, pace, readSettings } from "./invocation.ts";
import { tracing } from "./monitoring/tracing.ts";
import type { onlyOnce } from "./only-once.ts";

/** A function of the factory: its input and its body. */
interface LambdaDefinition<Input extends z.ZodType, Variable extends string, Output> {
  readonly input: Input;
  /** Environment variables in addition to those of every function. */
  readonly env?: readonly Variable[];
  /**
   * The event's identity and the store of handled events, for functions that AWS may invoke twice with one event.
   * Default: the body can be repeated safely and always runs.
   */
  readonly once?: { readonly key: (event: z.output<Input>) => string; readonly guard: typeof onlyOnce };
  readonly run: (event: z.output<Input>, invocation: Invocation<Variable | Always>) => Promise<Output>;
}

type Always = "FACTORY_ACCOUNT" | "PARTITION" | "LEDGER_TABLE" | "BUS_NAME";

/** The event does not match the function's input. With this reason, all of it goes to the dead-letter queue. */
class InvalidEvent extends Error {
  override readonly name = "InvalidEvent";
}

const made = new WeakSet<object>();

/** Whether a handler uses this wrapper; a test checks every function. */
export const isWrapped = (handler: object): boolean => made.has(handler);

/**
 * The wrapper of every function: logs, traces, metrics, a parsed event, settings, AWS clients and, if configured,
 * idempotency. Errors are not caught: they must fail the invocation, so that AWS retries, dead-letters and alarms.
 */
export function lambda<Input extends z.ZodType, Variable extends string, Output>(
  definition: LambdaDefinition<Input, Variable, Output>,
) {
  const logger = new Logger();
  const metrics = new Metrics({ singleMetric: false });
  let clients: { readonly client: ClientOf; readonly documents: DynamoDBDocumentClient } | undefined;

  const handle = async (raw: unknown, context: Context): Promise<Output> => {
    pace.endAt(Date.now() + context.getRemainingTimeInMillis());
    const event = parse(definition.input, raw);
    const settings = readSettings(definition.env ?? []);
    clients ??= makeClients(settings.place.region);
    const { client, documents } = clients;
    const invocation = {
      settings,
      client,
      ledger: { documents, table: settings.env.LEDGER_TABLE },
      bus: { client: client(EventBridgeClient), name: settings.env.BUS_NAME },
      now: new Date(),
      log: logger,
      requestId: context.awsRequestId,
      wait: (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms)),
    };
    const run = () => definition.run(event, invocation);
    const { once } = definition;
    const output = once ? await once.guard(once.key(event), run, invocation.ledger, context) : await run();
    metrics.addMetric("Handled", MetricUnit.Count, 1);
    return output;
  };

  const handler = middy<unknown, Output>()
    .use(tracing())
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics))
    .handler(handle);
  made.add(handler);
  return handler;
}

/** For the life of the execution environment. */
function makeClients(region: string) {
  const client = clientsOf(region);
  const marshallOptions = { removeUndefinedValues: true };
  return { client, documents: DynamoDBDocumentClient.from(client(DynamoDBClient), { marshallOptions }) };
}

function parse<Input extends z.ZodType>(schema: Input, raw: unknown): z.output<Input> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new InvalidEvent(`Invalid event: ${explainInvalid(parsed.error.issues)}`);
}

type Issue = z.core.$ZodIssue;

/** The depth of an issue: of a union's alternatives, the one that fails deepest was probably meant. */
const depthOf = (issue: Issue): number =>
  issue.path.length + (issue.code === "invalid_union" ? Math.max(0, ...issue.errors.map(deepest)) : 0);

const deepest = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(depthOf));

/** Explains issues as text: for a union, by the alternative that is closest to the value. */
const explainInvalid = (issues: readonly Issue[], at: readonly PropertyKey[] = []): string =>
  issues
    .map((issue) => {
      const path = [...at, ...issue.path];
      const [closest] =
        issue.code === "invalid_union"
          ? issue.errors.toSorted((a, b) => deepest(b) - deepest(a) || a.length - b.length)
          : [];
      return closest ? explainInvalid(closest, path) : `${path.map(String).join(".") || "the event"}: ${issue.message}`;
    })
    .join("; ");
