import { Organizations } from "@aws-sdk/client-organizations";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { type OrganizationSeed, seedOrganization } from "../../src/services/organizations/seed-organization.ts";

export const MANAGEMENT = "999988887777";
export const FACTORY = "111122223333";
/** In the OU production, below workloads. */
export const WEB = "222233334444";
export const ROOT = "r-exam";
export const WORKLOADS = "ou-exam-workload1";
export const PRODUCTION = "ou-exam-product01";

const seed: OrganizationSeed = {
  id: "o-exampleorg1",
  rootId: ROOT,
  management: { id: MANAGEMENT, name: "management" },
  accounts: [{ id: FACTORY, name: "factory" }],
  units: [
    {
      name: "workloads",
      id: WORKLOADS,
      units: [{ name: "production", id: PRODUCTION, accounts: [{ id: WEB, name: "web" }] }],
    },
  ],
};

/** An organization in an AWS whose policies decide, reached by the SDK; `events` are those of its management account. */
export function anOrganization(changed: Partial<OrganizationSeed> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  seedOrganization(aws, { ...seed, ...changed });
  const events: BusEvent[] = [];
  watchBus(aws, MANAGEMENT, "us-east-1", "default", (event) => events.push(event));
  const requestHandler = inProcessHandler(aws);
  /** An account's client, or a session's. */
  const as = (
    account: string,
    session: { accessKeyId?: string; secretAccessKey?: string; sessionToken?: string } = {},
  ) =>
    new Organizations({
      region: "us-east-1",
      credentials: { accessKeyId: account, secretAccessKey: "any", ...session },
      requestHandler,
      maxAttempts: 1,
    });
  /** One call of any service, by an account's root user. */
  const call = <Output>(service: string, operation: string, input: object, account: string): Promise<Output> =>
    aws.call<Output>(service, operation, input, { principal: accountPrincipal(account), region: "eu-west-1" });
  const pass = (ms: number) => clock.runUntil(clock.now() + ms);
  return { aws, clock, as, management: as(MANAGEMENT), call, pass, events, requestHandler };
}

/** Event names, with the error of those that were refused. */
export const named = (events: readonly BusEvent[]): string[] =>
  events.map(({ detail }) => [detail.eventName, detail.errorCode].filter(Boolean).join(" "));
