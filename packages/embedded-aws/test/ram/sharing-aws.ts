import { RAM } from "@aws-sdk/client-ram";
import { SSM } from "@aws-sdk/client-ssm";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import { FACTORY, REGION, SEED } from "../ec2/an-aws.ts";
import { allow, makeRole } from "../policy.ts";

/** An organization under IAM's rules, reached by SDK clients over the wire, in process. */
export function sharingAws() {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  seedOrganization(aws, SEED);
  const settings = (account: string, region = REGION) => ({
    region,
    credentials: { accessKeyId: account, secretAccessKey: "any" },
    requestHandler: inProcessHandler(aws),
    maxAttempts: 1,
  });
  return {
    aws,
    clock,
    settings,
    ram: (account = FACTORY, region = REGION) => new RAM(settings(account, region)),
    ssm: (account = FACTORY, region = REGION) => new SSM(settings(account, region)),
    /** One call of a service by an account. */
    call: <Output>(account: string, service: string, operation: string, input: object = {}): Promise<Output> =>
      aws.call<Output>(service, operation, input, { principal: accountPrincipal(account), region: REGION }),
    /** A role of an account that may perform `actions`. @returns a function that calls as the role */
    async role(account: string, actions: string | string[]) {
      const principal = await makeRole(aws, account, `reader-${aws.nextId()}`, { AWS: account }, allow(actions));
      return <Output>(service: string, operation: string, input: object): Promise<Output> =>
        aws.call<Output>(service, operation, input, { principal, region: REGION });
    },
    pass: (seconds: number) => clock.runUntil(clock.now() + seconds * 1000),
  };
}
