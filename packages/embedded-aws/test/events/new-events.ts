import { createAws } from "../../src/create-aws.ts";
import type { Authorizer } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import type { Operation, Service } from "../../src/engine/operation.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const START = Date.UTC(2026, 3, 1, 8);

/** An EventBridge with the services that its targets need, and a stand-in for those given. */
export function newEvents(
  standIns: Readonly<Record<string, Record<string, Operation>>> = {},
  authorizer: Authorizer = { authorize() {} },
) {
  const clock = new VirtualClock(START);
  const standIn = (name: string): Promise<Service> =>
    Promise.resolve({ name, client: () => Promise.resolve({}), operations: standIns[name] ?? {} });
  const aws = createAws({
    clock,
    authorizer,
    services: {
      events: () => import("../../src/services/events/service.ts").then((module) => module.service),
      scheduler: () => import("../../src/services/scheduler/service.ts").then((module) => module.service),
      sns: () => import("../../src/services/sns/service.ts").then((module) => module.service),
      sqs: () => import("../../src/services/sqs/service.ts").then((module) => module.service),
      monitoring: () => import("../../src/services/monitoring/service.ts").then((module) => module.service),
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
