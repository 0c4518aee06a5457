import type { Authorizer } from "../../../local/authorizer.ts";
import { VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { createEmbeddedAws } from "../../../local/create-embedded-aws.ts";
import type { Operation, Service } from "../../../local/operation.ts";
import { accountPrincipal } from "../../../local/principal.ts";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const START = Date.UTC(2026, 3, 1, 8);

/** An EventBridge with the services its targets need, and a stand-in for those given. */
export function newEvents(
  standIns: Readonly<Record<string, Record<string, Operation>>> = {},
  authorizer: Authorizer = { authorize() {} },
) {
  const clock = new VirtualClock(START);
  const standIn = (name: string): Promise<Service> =>
    Promise.resolve({ name, client: () => Promise.resolve({}), operations: standIns[name] ?? {} });
  const aws = createEmbeddedAws({
    clock,
    authorizer,
    services: {
      events: () => import("../../../local/services/events/service.ts").then((module) => module.service),
      scheduler: () => import("../../../local/services/scheduler/service.ts").then((module) => module.service),
      sns: () => import("../../../local/services/sns/service.ts").then((module) => module.service),
      sqs: () => import("../../../local/services/sqs/service.ts").then((module) => module.service),
      monitoring: () => import("../../../local/services/monitoring/service.ts").then((module) => module.service),
      ...Object.fromEntries(Object.keys(standIns).map((name) => [name, () => standIn(name)])),
    },
  });
  const caller = { principal: accountPrincipal(ACCOUNT), region: REGION };
  const to =
    (service: string) =>
    <Output = Record<string, unknown>>(operation: string, input: object): Promise<Output> =>
      aws.call<Output>(service, operation, input, caller);
  return {
    aws,
    clock,
    events: to("events"),
    scheduler: to("scheduler"),
    sns: to("sns"),
    sqs: to("sqs"),
    monitoring: to("monitoring"),
  };
}
