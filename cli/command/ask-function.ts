import { setTimeout as sleep } from "node:timers/promises";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Blueprint } from "embedded-aws/deploy";
import * as z from "zod";
import { rollbackDecisions } from "../../core/channel/plan-rollback.ts";
import { functionOf } from "./blueprint.ts";
import { patient } from "./open-ledger.ts";

const TRIES = 3;
/** Longer than any of these functions may take. */
const PATIENCE_MS = 910_000;

const failure = z.object({ errorType: z.string().optional(), errorMessage: z.string() });

/** What the functions throw where asking again changes nothing: they have decided. */
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
 * Asks one of the deployed factory's functions and waits for its answer. One that failed half-way is asked again with
 * the same event: each of them goes on with what it has begun.
 * @throws Refused with the function's own words
 */
export async function askFunction<Answer extends z.ZodType>(
  blueprint: Blueprint,
  file: string,
  event: object,
  answer: Answer,
): Promise<z.output<Answer>> {
  const lambda = new LambdaClient({
    ...patient(blueprint.buildRegion),
    requestHandler: { connectionTimeout: 5_000, requestTimeout: PATIENCE_MS },
  });
  const FunctionName = functionOf(blueprint, file);
  for (let tries = 1; ; tries++) {
    const answered = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));
    const said: unknown = JSON.parse(answered.Payload?.transformToString() || "null");
    if (!answered.FunctionError) return understand(answer, said);
    const { errorType = "", errorMessage = "it does not say why" } = failure.safeParse(said).data ?? {};
    if (decided.has(errorType) || tries === TRIES) throw new Refused(errorMessage);
    await sleep(1000 * tries);
  }
}

function understand<Answer extends z.ZodType>(answer: Answer, said: unknown): z.output<Answer> {
  const parsed = answer.safeParse(said);
  if (parsed.success) return parsed.data;
  throw new Refused(
    `The answer is not understood (is another version deployed than this one?): ${JSON.stringify(said)}`,
  );
}

/** Who asks, as AWS knows them; kept with what they ask for. */
export async function whoAsks({ buildRegion }: Blueprint): Promise<string> {
  const { Arn } = await new STSClient(patient(buildRegion)).send(new GetCallerIdentityCommand({}));
  return Arn ?? "unknown";
}

/** The factory did not do as it was asked. */
class Refused extends Error {
  override readonly name = "Refused";
}
