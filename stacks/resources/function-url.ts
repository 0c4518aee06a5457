import { logicalName } from "./deployment.ts";
import type { SyncFunction } from "./lambda-function.ts";

interface UrlSettings {
  /**
   * Who may come. `none`: anybody, so the function itself has to find out who asks. `iam`: principals of this account
   * whose own policies allow `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction` on the function.
   */
  readonly auth: "none" | "iam";
}

/**
 * An HTTPS address for a function, with no CORS: no web page may call it. Since October 2025 a request takes two
 * permissions (Lambda developer guide, "Control access to Lambda function URLs"). Without authentication only the
 * function's policy can give them, and the second is given for requests to the address alone, so that nobody can invoke
 * the function past it. Within an account a policy that names the account adds nothing to its principals' own policies.
 */
export function functionUrl(name: string, fn: SyncFunction, { auth }: UrlSettings): aws.lambda.FunctionUrl {
  const logical = `${logicalName(name)}Url`;
  const url = new aws.lambda.FunctionUrl(logical, {
    // By its ARN, so that the function is there before.
    functionName: fn.arn,
    authorizationType: auth === "none" ? "NONE" : "AWS_IAM",
    invokeMode: "BUFFERED",
  });
  if (auth === "iam") return url;
  const anybody = { function: fn.arn, principal: "*" };
  new aws.lambda.Permission(`${logical}Permission`, {
    ...anybody,
    action: "lambda:InvokeFunctionUrl",
    functionUrlAuthType: "NONE",
  });
  new aws.lambda.Permission(`${logical}FunctionPermission`, {
    ...anybody,
    action: "lambda:InvokeFunction",
    invokedViaFunctionUrl: true,
  });
  return url;
}
