import { Lambda } from "@aws-sdk/client-lambda";
import { onTestFinished } from "vitest";
import { credentialsOf, type SessionKeys } from "../../src/authorization/credentials.ts";
import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { rolePrincipal } from "../../src/engine/principal.ts";
import { type RunningServer, startServer } from "../../src/server.ts";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { makeRole } from "../policy.ts";
import { newLambda, REGION } from "./new-lambda.ts";

/** Both permissions that anonymous requests to a URL need. */
export const PUBLIC = [
  { Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionUrlAuthType: "NONE", StatementId: "url" },
  { Action: "lambda:InvokeFunction", Principal: "*", InvokedViaFunctionUrl: true, StatementId: "function" },
] as const;

/** Both permissions for a principal. */
export const permissionsFor = (Principal: string) =>
  [
    { Action: "lambda:InvokeFunctionUrl", Principal, FunctionUrlAuthType: "AWS_IAM", StatementId: "url" },
    { Action: "lambda:InvokeFunction", Principal, InvokedViaFunctionUrl: true, StatementId: "function" },
  ] as const;

/** A request's signature, as far as this AWS reads it: it is not verified. */
export const signed = (accessKeyId: string, { service = "lambda", region = REGION, token = "" } = {}) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260401/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  ...(token && { "x-amz-security-token": token }),
});
export const signedWith = ({ accessKeyId, sessionToken: token }: SessionKeys) => signed(accessKeyId, { token });

/** An AWS with IAM on 127.0.0.1, with functions from `fixtures/function-url.ts`. It ends with the test. */
export async function startAws() {
  const lambda = newLambda(policyAuthorizer());
  const server: RunningServer = await startServer(lambda.aws, { port: 0 });
  onTestFinished(async () => {
    await closeLambda(lambda.aws);
    await server.close();
  });
  return {
    ...lambda,
    server,
    client: (account: string) =>
      new Lambda({
        region: REGION,
        endpoint: server.url,
        credentials: { accessKeyId: account, secretAccessKey: "any" },
      }),
    /** A function with a URL. @returns the URL */
    async serve(handler: string, AuthType: "NONE" | "AWS_IAM", permissions: readonly object[] = [], more: object = {}) {
      const { name: FunctionName } = lambda.deploy(`function-url.${handler}`, { timeoutSeconds: 60 });
      for (const one of permissions) await lambda.call("AddPermission", { FunctionName, ...one });
      const made = await lambda.call<{ FunctionUrl: string }>("CreateFunctionUrlConfig", {
        FunctionName,
        AuthType,
        ...more,
      });
      return made.FunctionUrl;
    },
    /** Credentials of a role with only these statements. */
    async keysOf(account: string, name: string, Statement: readonly object[]): Promise<SessionKeys> {
      await makeRole(lambda.aws, account, name, { AWS: account }, ...Statement);
      return credentialsOf(lambda.aws).issue(rolePrincipal(`arn:aws:iam::${account}:role/${name}`, "ada"));
    },
  };
}
