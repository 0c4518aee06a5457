import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import type { Authorization } from "../../src/engine/operation.ts";
import { accountPrincipal, type Principal, rolePrincipal } from "../../src/engine/principal.ts";
import { service as iam } from "../../src/services/iam/service.ts";
import { makeRole } from "../policy.ts";

export const FACTORY = "111122223333";
export const OTHER = "444455556666";
export const ROLE = `arn:aws:iam::${FACTORY}:role/worker`;
export const SESSION = rolePrincipal(ROLE, "session");

export const newAws = (): EmbeddedAws =>
  createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)), services: { iam: async () => iam } });

/** IAM operations as the factory account. */
export const iamCall = (aws: EmbeddedAws, name: string, input: object, account = FACTORY): Promise<never> =>
  aws.call("iam", name, input, { principal: accountPrincipal(account), region: "us-east-1" });

/** A world with the role `worker`, whose inline policy has these statements. */
export async function withRole(...statements: object[]): Promise<EmbeddedAws> {
  const aws = newAws();
  await makeRole(aws, FACTORY, "worker", { Service: "lambda.amazonaws.com" }, ...statements);
  return aws;
}

/** "granted", or the refusal's message. */
export function ask(
  aws: EmbeddedAws,
  asked: Partial<Authorization> & Pick<Authorization, "action">,
  principal: Principal = SESSION,
  region = "eu-west-1",
): string {
  const call = { aws, account: principal.account, region, principal, requestId: "" };
  try {
    policyAuthorizer().authorize(call, { resources: ["*"], ...asked });
    return "granted";
  } catch (error) {
    return (error as Error).message;
  }
}
