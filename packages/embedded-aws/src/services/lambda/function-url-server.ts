import { credentialsOf } from "../../authorization/credentials.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import type { Principal } from "../../engine/principal.ts";
import { toRefusal } from "../../wire/refusal.ts";
import { credentialScope, tellOfRefusedRequest } from "../../wire/refused-requests.ts";
import type { Outcome } from "./function-runner.ts";
import { findByUrl, urlTarget } from "./function-url-address.ts";
import {
  badGateway,
  corsHeaders,
  isPreflight,
  preflightHeaders,
  toUrlResponse,
  type UrlResponse,
} from "./function-url-answer.ts";
import { ANONYMOUS, type UrlInvocation, type UrlRequest } from "./function-url-invocation.ts";
import type { FunctionUrl, LambdaFunction } from "./state.ts";

/** Answers a request to a function's URL (`urlTarget`). Never rejects. */
export async function answerFunctionUrl(aws: EmbeddedAws, request: UrlRequest): Promise<UrlResponse> {
  const { status, headers, body } = await respond(aws, request);
  const date = new Date(aws.clock.now()).toUTCString();
  return { status, headers: { date, age: "0", "x-amzn-requestid": aws.uuid(), ...headers }, body };
}

async function respond(aws: EmbeddedAws, whole: UrlRequest): Promise<UrlResponse> {
  const { id = "", path = whole.path } = urlTarget(whole) ?? {};
  const request = { ...whole, path };
  const found = findByUrl(aws, id);
  if (!found) return refuseBefore(aws, whole, denied());
  const { fn, url } = found;
  if (url.cors && isPreflight(request)) {
    return { status: 200, headers: preflightHeaders(url.cors, request), body: "" };
  }
  let caller: Awaited<ReturnType<typeof callerOf>>;
  try {
    caller = callerOf(aws, request, fn, url);
  } catch (refused) {
    return refuseBefore(aws, whole, refused);
  }
  const asked: UrlInvocation = { fn, url, request, accessKeyId: caller.accessKeyId };
  const response = await invoke(aws, asked, caller.principal);
  return { ...response, headers: { ...response.headers, ...corsHeaders(url.cors, request) } };
}

async function invoke(aws: EmbeddedAws, asked: UrlInvocation, principal: Principal): Promise<UrlResponse> {
  const { account, region } = asked.fn;
  try {
    const { failed, payload } = await aws.call<Outcome>("lambda", "InvokeFunctionUrl", asked, {
      principal,
      region,
      account,
    });
    return failed ? badGateway : toUrlResponse(payload);
  } catch (refused) {
    return refusal(refused);
  }
}

/**
 * The anonymous principal, or the owner of the key that signed the request for `lambda` in the function's region.
 * @throws AwsError
 */
function callerOf(aws: EmbeddedAws, request: UrlRequest, { region }: LambdaFunction, { authType }: FunctionUrl) {
  if (authType === "NONE") return { principal: ANONYMOUS, accessKeyId: undefined };
  const scope = credentialScope(request);
  if (!scope) throw denied();
  if (scope.service !== "lambda") throw wrongScope("Credential should be scoped to correct service: 'lambda'. ");
  if (scope.region !== region)
    throw wrongScope(`Credential should be scoped to a valid region, not '${scope.region}'. `);
  const principal = credentialsOf(aws).principal(scope.accessKeyId, scope.sessionToken);
  return { principal, accessKeyId: scope.accessKeyId };
}

const wrongScope = (message: string) => new AwsError("InvalidSignatureException", message, { status: 403 });

const denied = () => new AwsError("AccessDeniedException", FORBIDDEN, { status: 403 });

/** States neither the caller nor the reason, because any caller can read it. */
const FORBIDDEN =
  "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

function refuseBefore(aws: EmbeddedAws, request: UrlRequest, cause: unknown): UrlResponse {
  tellOfRefusedRequest(aws, request, "InvokeFunctionUrl", toRefusal(cause, undefined, "restJson1"));
  return refusal(cause);
}

/** The error as a function URL sends it; details of AWS's errors are not included. */
function refusal(cause: unknown): UrlResponse {
  const { code, status, message } = toRefusal(cause, undefined, "restJson1");
  const body = code === "AccessDeniedException" ? { Message: FORBIDDEN } : { message };
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": code },
    body: JSON.stringify(body),
  };
}
