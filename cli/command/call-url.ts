import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HttpRequest } from "@smithy/core/transport";
import type { Blueprint } from "embedded-aws/deploy";
import { functionOf } from "../../core/factory/blueprint.ts";
import { patient } from "./open-ledger.ts";

interface Answered {
  readonly status: number;
  readonly text: string;
  /** Undefined if the text is not JSON. */
  readonly content: unknown;
}

/** As long as the timeout of the function behind a URL. */
const PATIENCE_MS = 90_000;

/** Waits between throttled attempts. */
const THROTTLED_MS = [500, 1_000, 2_000];

/**
 * Calls one of the deployed factory's function URLs: there the function gets the caller's IAM identity, unlike in a direct
 * invocation.
 * @throws UrlRefused if IAM denies the call, or Lambda has no capacity for it
 */
export async function callUrl(blueprint: Blueprint, file: string, request: object): Promise<Answered> {
  const lambda = new LambdaClient(patient(blueprint.buildRegion));
  const FunctionName = functionOf(blueprint, file);
  const { FunctionUrl = "" } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName }));
  const send = async () => {
    const { headers, body } = await sign(lambda, new URL(FunctionUrl), JSON.stringify(request));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return fetch(FunctionUrl, { method: "POST", headers, body, redirect: "error", signal });
  };
  let answered = await send();
  for (const wait of THROTTLED_MS) {
    if (answered.status !== 429) break;
    await new Promise((resolve) => setTimeout(resolve, wait));
    answered = await send();
  }
  const { status } = answered;
  if (status === 429) {
    throw new UrlRefused(
      "the account's Lambda concurrency is exhausted (HTTP 429); see notify.slack.reservedConcurrency",
    );
  }
  const text = await answered.text();
  const content = parseJson(text);
  // The functions say why they refuse; Lambda's own 403 has `Message` only.
  if (status === 403 && !(content && typeof content === "object" && "text" in content))
    throw new UrlRefused(
      `access denied: lambda:InvokeFunctionUrl and lambda:InvokeFunction on ${FunctionName} are required`,
    );
  return { status, text, content };
}

/** Signs with the client's own credentials and signer. */
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

/** The call did not reach the function. */
export class UrlRefused extends Error {
  override readonly name = "UrlRefused";
}
