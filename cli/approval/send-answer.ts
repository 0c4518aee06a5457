import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HttpRequest } from "@smithy/core/transport";
import type { Blueprint } from "embedded-aws/deploy";
import * as z from "zod";
import type { BuildArn } from "../../events/ids.ts";
import { functionOf } from "../command/blueprint.ts";
import { patient } from "../command/open-ledger.ts";

interface GivenAnswer {
  readonly build: BuildArn;
  readonly channel?: string;
  readonly verdict: "approved" | "rejected";
  readonly reason: string;
}

/** What `functions/approval/answer-approval.ts` answers. */
const outcome = z.object({ outcome: z.enum(["counted", "refused"]).optional(), text: z.string() });

const PATIENCE_MS = 60_000;

/** Waits between attempts that Lambda throttles. */
const THROTTLED_MS = [500, 1_000, 2_000];

/**
 * Gives an answer at the function's address: there IAM says who it is, which an invocation does not.
 * @returns what came of it, for people
 * @throws AnswerRefused with the function's reason, or IAM's
 */
export async function sendAnswer(blueprint: Blueprint, given: GivenAnswer): Promise<string> {
  const lambda = new LambdaClient(patient(blueprint.buildRegion));
  const FunctionName = functionOf(blueprint, "answer-approval");
  const { FunctionUrl = "" } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  const send = async () => {
    const { headers, body } = await sign(lambda, new URL(FunctionUrl), JSON.stringify(given));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return fetch(FunctionUrl, { method: "POST", headers, body, redirect: "error", signal });
  };
  let answered = await send();
  for (const wait of THROTTLED_MS) {
    if (answered.status !== 429) break;
    await new Promise((resolve) => setTimeout(resolve, wait));
    answered = await send();
  }
  if (answered.status === 429) {
    throw new AnswerRefused(
      "the account runs as many functions as it may (HTTP 429); see notify.slack.reservedConcurrency",
    );
  }
  if (answered.status === 403) {
    throw new AnswerRefused(`it takes lambda:InvokeFunctionUrl and lambda:InvokeFunction on ${FunctionName}`);
  }
  const said = await answered.text();
  const read = outcome.safeParse(parseJson(said));
  if (!read.success) throw new AnswerRefused(`HTTP ${answered.status}: ${said}`);
  if (read.data.outcome !== "counted") throw new AnswerRefused(read.data.text);
  return read.data.text;
}

/** With the client's own credentials and its own signature for Lambda. */
async function sign(lambda: LambdaClient, url: URL, body: string) {
  const { protocol, hostname, port, host, pathname: path } = url;
  const request = new HttpRequest({
    method: "POST",
    protocol,
    hostname,
    ...(port && { port: Number(port) }),
    path,
    headers: { host, "content-type": "application/json" },
    body,
  });
  const signer = await lambda.config.signer();
  const { headers } = await signer.sign(request);
  return { headers, body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The answer does not count, or could not be given. */
class AnswerRefused extends Error {
  override readonly name = "AnswerRefused";

  constructor(reason: string) {
    super(`It is not answered: ${reason}`);
  }
}
