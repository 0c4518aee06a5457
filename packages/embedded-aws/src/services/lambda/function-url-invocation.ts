import type { Operation } from "../../engine/operation.ts";
import type { Principal } from "../../engine/principal.ts";
import { readPayload } from "./admit-invocation.ts";
import type { Outcome } from "./function-runner.ts";
import { toEvent, type UrlRequest } from "./function-url-event.ts";
import { resourcePolicy } from "./permissions.ts";
import { admitAndRun } from "./run-function.ts";
import type { FunctionUrl, LambdaFunction } from "./state.ts";

/** A request that came to a function's address, and whose credentials are known. */
export interface UrlInvocation {
  readonly fn: LambdaFunction;
  readonly url: FunctionUrl;
  readonly request: UrlRequest;
  /** Undefined for a caller that nobody asked who it is. */
  readonly accessKeyId: string | undefined;
}

/** Who calls an address with AuthType NONE, as `aws:PrincipalAccount` says it (IAM User Guide, "global condition keys"). */
export const ANYBODY: Principal = { kind: "account", account: "anonymous", arn: "anonymous" };

/**
 * What a request to a function's address comes to; no operation of the API. Since October 2025 it takes two permissions
 * (developer guide, "Control access to Lambda function URLs"), each with a condition key that no other way to the
 * function has. Without credentials only the function's own policy can give them.
 */
export const invokeFunctionUrl: Operation<UrlInvocation, Outcome> = {
  authorize({ fn, url }, { principal }) {
    const one = { resources: [fn.arn], resourcePolicy: resourcePolicy(fn), owner: fn.account };
    const who = principal === ANYBODY ? { "aws:PrincipalType": "Anonymous" } : {};
    const context = { "lambda:FunctionUrlAuthType": url.authType, "lambda:FunctionArn": fn.arn, ...who };
    return [
      { ...one, action: "lambda:InvokeFunctionUrl", context },
      { ...one, action: "lambda:InvokeFunction", context: { "lambda:InvokedViaFunctionUrl": "true", ...who } },
    ];
  },
  async run({ fn, url, request, accessKeyId }, call) {
    const event = JSON.stringify(toEvent(call, { fn, url, request, accessKeyId }));
    return await admitAndRun(call.aws, fn, {
      requestId: call.requestId,
      payload: readPayload(Buffer.from(event), "RequestResponse"),
      invokedFunctionArn: fn.arn,
      clientContext: undefined,
    });
  },
};
