import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Blueprint } from "embedded-aws/deploy";
import * as z from "zod";
import { rollbackDecisions } from "../../core/channel/plan-rollback.ts";
import { functionOf } from "../../core/factory/blueprint.ts";
import { cut } from "../../core/notice/foreign-text.ts";
import { patient } from "./open-ledger.ts";

const TRIES = 3;
/** Longer than the timeout of any of these functions, retries of throttled calls included. */
const PATIENCE_MS = 930_000;

const failure = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

/** Errors of the functions that are decisions, so a retry changes nothing. */
const decided = new Set([
  ...rollbackDecisions,
  "UnknownBuild",
  "NothingToRevoke",
  "RestoredMeanwhile",
  "NotRevoked",
  "BuildDeregistered",
  "NotRestored",
  "NotPromoted",
  "NotSteered",
  "NothingToRollOut",
  "InvalidEvent",
]);

/**
 * Invokes one of the deployed factory's functions and returns its result. A failed invocation is retried with the same
 * event: the functions are idempotent, and continue what they started.
 * @throws Refused with the function's message
 */
export async function askFunction<Answer extends z.ZodType>(
  blueprint: Blueprint,
  file: string,
  event: object,
  answer: Answer,
): Promise<z.output<Answer>> {
  const lambda = new LambdaClient({
    ...patient(blueprint.buildRegion),
    requestHandler: { connectionTimeout: 5_000 },
  });
  const FunctionName = functionOf(blueprint, file);
  for (let tries = 1; ; tries++) {
    const abortSignal = AbortSignal.timeout(PATIENCE_MS);
    const asking = lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }), { abortSignal });
    const answered = await asking.catch((cause) => {
      throw abortSignal.aborted ? abortSignal.reason : cause;
    });
    const said: unknown = JSON.parse(answered.Payload?.transformToString() || "null");
    if (!answered.FunctionError) return understand(answer, said);
    const { errorType = "", errorMessage = "the function failed without a message" } =
      failure.safeParse(said).data ?? {};
    if (decided.has(errorType) || tries === TRIES) throw new Refused(errorMessage);
    await sleep(1000 * tries);
  }
}

function understand<Answer extends z.ZodType>(answer: Answer, said: unknown): z.output<Answer> {
  const parsed = answer.safeParse(said);
  if (parsed.success) return parsed.data;
  const response = cut(JSON.stringify(said), 200);
  throw new Refused(`The factory's response is another version's; deploy the factory again: ${response}`);
}

/** The caller's ARN, which is recorded with the request. */
export async function whoAsks({ buildRegion }: Blueprint): Promise<string> {
  const { Arn } = await new STSClient(patient(buildRegion)).send(new GetCallerIdentityCommand({}));
  return Arn ?? "unknown";
}

/** The factory refused the request. */
class Refused extends Error {
  override readonly name = "Refused";
}
