import type { Call, Operation } from "../../engine/operation.ts";
import type { Principal } from "../../engine/principal.ts";
import type { WireRequest } from "../../wire/message.ts";
import { findRole } from "../iam/state.ts";
import { organizationOf } from "../organizations/state.ts";
import { requireRunnable } from "./function-code.ts";
import type { Outcome } from "./function-runner.ts";
import { domainOf } from "./function-url-address.ts";
import { resourcePolicy } from "./permissions.ts";
import { nextTurn } from "./recursion.ts";
import { admitAndRun, readPayload } from "./run-function.ts";
import type { FunctionUrl, LambdaFunction } from "./state.ts";

/** A request as received; its path is the function's part. */
export interface UrlRequest extends WireRequest {
  /** As sent, without the question mark. */
  readonly rawQuery: string;
}

/** A request to a function's URL, with its credentials resolved. */
export interface UrlInvocation {
  readonly fn: LambdaFunction;
  readonly url: FunctionUrl;
  readonly request: UrlRequest;
  /** Undefined for an anonymous caller. */
  readonly accessKeyId: string | undefined;
}

/**
 * The event in payload format 2.0 (developer guide, "Invoking Lambda function URLs"), without members that a function
 * URL never sets, as in published events.
 */
function toEvent(call: Call, { fn, url, request, accessKeyId }: UrlInvocation) {
  const { method, path, rawQuery, headers, body } = request;
  const now = call.aws.clock.now();
  const domainName = domainOf(url, fn.region);
  const cookies = headers.cookie?.split(";").flatMap((one) => one.trim() || []);
  const query = joined(request.query);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: rawQuery,
    ...(cookies && { cookies }),
    headers: { ...passedOn(headers, url), ...addedHeaders(call, domainName) },
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: url.authType === "NONE" ? "anonymous" : fn.account,
      apiId: url.id,
      ...(url.authType === "AWS_IAM" && { authorizer: { iam: callerOf(call, accessKeyId) } }),
      domainName,
      domainPrefix: url.id,
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: LOOPBACK,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: call.requestId,
      routeKey: "$default",
      stage: "$default",
      time: commonLogTime(now),
      timeEpoch: now,
    },
    ...(body.length > 0 ? bodyOf(body, headers["content-type"]) : { isBase64Encoded: false }),
  };
}

/** The source of every request: the server only listens there. */
const LOOPBACK = "127.0.0.1";

/** Without cookies, which have their own member, connection headers, and what IAM has read. */
function passedOn(headers: UrlRequest["headers"], { authType }: FunctionUrl): Record<string, string> {
  const kept = new Set(["cookie", "connection", "keep-alive", "transfer-encoding", "upgrade"]);
  if (authType === "AWS_IAM") kept.add("authorization");
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !kept.has(name)));
}

const addedHeaders = ({ aws }: Call, host: string): Record<string, string> => ({
  host,
  "x-forwarded-for": LOOPBACK,
  "x-forwarded-port": "443",
  "x-forwarded-proto": "https",
  "x-amzn-trace-id": `Root=1-${Math.floor(aws.clock.now() / 1_000).toString(16)}-${aws.hexId(24)}`,
});

/** Repeated parameters are joined by commas. */
function joined(query: URLSearchParams): Record<string, string> | undefined {
  const names = [...new Set(query.keys())];
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, query.getAll(name).join(",")]));
}

function callerOf({ aws, principal }: Call, accessKey: string | undefined) {
  const session = principal.arn.slice(principal.arn.lastIndexOf("/") + 1);
  const id = principal.kind === "role" ? `${findRole(aws, principal.roleArn)?.id ?? ""}:${session}` : principal.account;
  return {
    accessKey,
    accountId: principal.account,
    callerId: id,
    cognitoIdentity: null,
    principalOrgId: organizationOf(aws, principal.account)?.id ?? null,
    userArn: principal.arn,
    userId: id,
  };
}

/** Everything else is binary to Lambda, including a submitted form. */
const TEXT = /^(?:text\/|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))\s*(?:;|$))/i;

const bodyOf = (body: Uint8Array, type: string | undefined) =>
  TEXT.test(type ?? "")
    ? { body: Buffer.from(body).toString(), isBase64Encoded: false }
    : { body: Buffer.from(body).toString("base64"), isBase64Encoded: true };

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().split(" ");
  return `${day}/${month}/${year}:${clock} +0000`;
}

/** The caller of a URL with AuthType NONE, as in `aws:PrincipalAccount` (IAM User Guide, "global condition keys"). */
export const ANONYMOUS: Principal = { kind: "account", account: "anonymous", arn: "anonymous" };

/**
 * A request to a function's URL; not an API operation. Since October 2025 it requires two permissions (developer guide,
 * "Control access to Lambda function URLs"), each with a condition key that only these requests have. Without
 * credentials only the function's own policy can grant them.
 */
export const invokeFunctionUrl: Operation<UrlInvocation, Outcome> = {
  authorize({ fn, url }, { principal }) {
    const one = { resources: [fn.arn], resourcePolicy: resourcePolicy(fn), owner: fn.account };
    const who = principal === ANONYMOUS ? { "aws:PrincipalType": "Anonymous" } : {};
    const context = { "lambda:FunctionUrlAuthType": url.authType, "lambda:FunctionArn": fn.arn, ...who };
    return [
      { ...one, action: "lambda:InvokeFunctionUrl", context },
      { ...one, action: "lambda:InvokeFunction", context: { "lambda:InvokedViaFunctionUrl": "true", ...who } },
    ];
  },
  async run(invocation, call) {
    requireRunnable(invocation.fn);
    const event = JSON.stringify(toEvent(call, invocation));
    return await admitAndRun(call.aws, invocation.fn, {
      requestId: call.requestId,
      payload: readPayload(Buffer.from(event), "RequestResponse"),
      invokedFunctionArn: invocation.fn.arn,
      clientContext: undefined,
      lineage: nextTurn(call.principal, invocation.fn).lineage,
    });
  },
};
