import { text } from "node:stream/consumers";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HttpRequest } from "@smithy/core/transport";
import { credentialsOf, type EmbeddedAws, inProcessHandler, rolePrincipal, type VirtualClock } from "embedded-aws";
import { unlessError } from "../../adapters/unless-error.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { ClientOptions } from "../boot/client-options.ts";
import { OTHERS, sessionOf } from "./sessions.ts";

interface Where {
  readonly aws: EmbeddedAws;
  readonly clock: VirtualClock;
  readonly factory: Factory;
  readonly account: string;
  readonly options: ClientOptions;
}

/**
 * Calls a function URL with a person's credentials, as the CLI does, without a socket. Time passes while the function
 * waits, for example before it repeats a throttled request.
 */
async function callAs({ aws, clock, factory, account, options }: Where, who: string, name: string, body: object) {
  const FunctionName = `amint-${factory.name}-${name}`;
  const { role, name: session } = sessionOf(factory, who, account) ?? { role: OTHERS, name: `${who}@example.com` };
  const arn = `arn:aws:lambda:${options.region}:${account}:function:${FunctionName}`;
  await makeRole(new IAMClient(options), role, { name, arn });
  const { FunctionUrl = "" } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  const keys = credentialsOf(aws).issue(rolePrincipal(`arn:aws:iam::${account}:role/${role}`, session));
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "");
  const scope = `${keys.accessKeyId}/${day}/${options.region}/lambda/aws4_request`;
  const { hostname, pathname: path } = new URL(FunctionUrl);
  const asked = inProcessHandler(aws).handle(
    new HttpRequest({
      method: "POST",
      protocol: "http:",
      hostname,
      path,
      headers: {
        "content-type": "application/json",
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`,
        "x-amz-security-token": keys.sessionToken,
      },
      body: JSON.stringify(body),
    }),
  );
  const { response } = await clock.runUntilDone(asked);
  if (response.statusCode !== 200) throw new Error(`${who} called ${name}: ${await text(response.body)}`);
}

/** Options of `amint build`. */
export interface RequestOptions {
  readonly urgent?: true;
  readonly reason?: string;
}

/** The same as `amint build`; the same run gives the same bytes. */
export const requestBuild = (where: Where, image: string, who: string, more: RequestOptions = {}): Promise<void> =>
  callAs(where, who, "start-build", { image, request: `${who} at ${where.clock.now()}`, ...more });

/** The same as `amint promote --urgent`. */
export const promoteUrgently = (
  where: Where,
  { image, build }: { readonly image: string; readonly build: string },
  who: string,
  reason: string,
): Promise<void> => callAs(where, who, "promote-build", { image, build, reason, urgent: true });

/** The same as `amint approve`. */
export const approveBuild = (where: Where, build: string, who: string): Promise<void> =>
  callAs(where, who, "answer-approval", { build, verdict: "approved", reason: "looks good" });

/** A role that may call a function by its URL only. */
async function makeRole(iam: IAMClient, RoleName: string, called: { name: string; arn: string }): Promise<void> {
  const { arn: Resource } = called;
  const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const Principal = { Service: "ec2.amazonaws.com" };
  const trust = policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole" });
  const create = new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust });
  await unlessError(iam.send(create), /^EntityAlreadyExists/);
  const PolicyDocument = policy(
    { Effect: "Allow", Action: "lambda:InvokeFunctionUrl", Resource },
    {
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource,
      Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
    },
  );
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: `call-${called.name}`, PolicyDocument }));
}
