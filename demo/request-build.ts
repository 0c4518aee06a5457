import { text } from "node:stream/consumers";
import { CreateRoleCommand, EntityAlreadyExistsException, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { HttpRequest } from "@smithy/core/transport";
import { credentialsOf, type EmbeddedAws, inProcessHandler, rolePrincipal } from "embedded-aws";
import type { ClientOptions } from "../cli/local/client-options.ts";
import type { Factory } from "../core/factory/factory-schema.ts";

interface Where {
  readonly aws: EmbeddedAws;
  readonly factory: Factory;
  readonly account: string;
  readonly options: ClientOptions;
}

/** Requesters outside the config's people have sessions of this role. */
const OTHERS = "Platform";

/** What `amint build` does with a person's credentials: a request at the address of `start-build`, without a socket. */
export async function requestBuild(
  { aws, factory, account, options }: Where,
  image: string,
  who: string,
): Promise<void> {
  const FunctionName = `amint-${factory.name}-start-build`;
  const pattern = factory.people[who]?.principals[0] ?? `assumed-role/${OTHERS}/${who}@example.com`;
  const [role = OTHERS, session = who] = pattern.split("/").slice(1);
  await makeRole(new IAMClient(options), role, `arn:aws:lambda:${options.region}:${account}:function:${FunctionName}`);
  const { FunctionUrl = "" } = await new LambdaClient(options).send(new GetFunctionUrlConfigCommand({ FunctionName }));
  const keys = credentialsOf(aws).issue(rolePrincipal(`arn:aws:iam::${account}:role/${role}`, session));
  const day = new Date(aws.clock.now()).toISOString().slice(0, 10).replaceAll("-", "");
  const scope = `${keys.accessKeyId}/${day}/${options.region}/lambda/aws4_request`;
  const { hostname, pathname: path } = new URL(FunctionUrl);
  const { response } = await inProcessHandler(aws).handle(
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
      // The same run gives the same bytes.
      body: JSON.stringify({ image, request: `${who} at ${aws.clock.now()}` }),
    }),
  );
  if (response.statusCode !== 200) throw new Error(`${who} asked for ${image}: ${await text(response.body)}`);
}

/** A role that may ask for builds at the function URL, and nowhere else. */
async function makeRole(iam: IAMClient, RoleName: string, Resource: string): Promise<void> {
  const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const Principal = { Service: "ec2.amazonaws.com" };
  const trust = policy({ Effect: "Allow", Principal, Action: "sts:AssumeRole" });
  try {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
  const PolicyDocument = policy(
    { Effect: "Allow", Action: "lambda:InvokeFunctionUrl", Resource },
    {
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource,
      Condition: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
    },
  );
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "request-builds", PolicyDocument }));
}
