import { logicalName } from "./deployment.ts";
import type { SyncFunction } from "./lambda-function.ts";

interface UrlSettings {
  /**
   * Who can call it. `none`: anyone, so the function must verify the caller. `iam`: principals of this account
   * whose own policies allow `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction` on the function.
   */
  readonly auth: "none" | "iam";
}

/**
 * A function URL without CORS, so that web pages cannot call it. Since October 2025 a request needs two permissions (Lambda
 * developer guide, "Control access to Lambda function URLs"). Without authentication only the function's policy can grant
 * them; the second one is limited to requests through the URL, so that it does not allow direct invocation. Within an account
 * a policy that names the account adds nothing to its principals' own policies.
 */
export function functionUrl(name: string, fn: SyncFunction, { auth }: UrlSettings): aws.lambda.FunctionUrl {
  const logical = `${logicalName(name)}Url`;
  const url = new aws.lambda.FunctionUrl(logical, {
    // Its ARN, so that the function is created first.
    functionName: fn.arn,
    authorizationType: auth === "none" ? "NONE" : "AWS_IAM",
    invokeMode: "BUFFERED",
  });
  if (auth === "iam") return url;
  const anyone = { function: fn.arn, principal: "*" };
  new aws.lambda.Permission(`${logical}Permission`, {
    ...anyone,
    action: "lambda:InvokeFunctionUrl",
    functionUrlAuthType: "NONE",
  });
  new aws.lambda.Permission(`${logical}FunctionPermission`, {
    ...anyone,
    action: "lambda:InvokeFunction",
    invokedViaFunctionUrl: true,
  });
  return url;
}
