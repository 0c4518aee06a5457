import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { allow, policy } from "../policy.ts";
import { ACCOUNT, REGION, START } from "./new-events.ts";

const FAR = "us-east-1";
const busArn = (region: string, name: string) => `arn:aws:events:${region}:${ACCOUNT}:event-bus/${name}`;
const FACTORY_BUS = busArn(REGION, "factory");

/** A bus `factory`, a role that may put events where it is said, and what arrives on a bus. */
async function buses(mayPutOn: string) {
  const clock = new VirtualClock(START);
  const aws = createAws({ clock });
  const call = (service: string, operation: string, input: object, region = REGION) =>
    aws.call(service, operation, input, { principal: accountPrincipal(ACCOUNT), region });
  await call("events", "CreateEventBus", { Name: "factory" });
  const trust = { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sts:AssumeRole" };

  await call("iam", "CreateRole", { RoleName: "forward", AssumeRolePolicyDocument: policy(trust) });
  const PolicyDocument = policy(allow("events:PutEvents", mayPutOn));
  await call("iam", "PutRolePolicy", { RoleName: "forward", PolicyName: "put", PolicyDocument });
  const forward = async (region: string, EventBusName: string, Arn: string, withRole = true) => {
    const EventPattern = JSON.stringify({ source: [{ prefix: "test" }] });
    await call("events", "PutRule", { Name: "forward", EventBusName, EventPattern }, region);
    const RoleArn = withRole ? { RoleArn: `arn:aws:iam::${ACCOUNT}:role/forward` } : {};
    const Targets = [{ Id: "bus", Arn, ...RoleArn }];
    return call("events", "PutTargets", { Rule: "forward", EventBusName, Targets }, region);
  };
  const put = async (region: string, EventBusName: string) => {
    const entry = { Source: "test.change", DetailType: "change", Detail: "{}", EventBusName };
    await call("events", "PutEvents", { Entries: [entry] }, region);
    await clock.runUntil(clock.now() + 60_000);
  };
  const arrivedOn = (region: string, name: string) => {
    const events: BusEvent[] = [];
    watchBus(aws, ACCOUNT, region, name, (event) => events.push(event));
    return events;
  };
  return { call, forward, put, arrivedOn };
}

test("an event reaches a bus of another region, and says which region it came from", async () => {
  const { forward, put, arrivedOn } = await buses(FACTORY_BUS);
  await forward(FAR, "default", FACTORY_BUS);
  const arrived = arrivedOn(REGION, "factory");

  await put(FAR, "default");

  expect(arrived).toMatchObject([{ source: "test.change", region: FAR, account: ACCOUNT }]);
});

test("a bus of another region as a target needs a role, and the role needs events:PutEvents on that bus", async () => {
  const { forward, put, arrivedOn } = await buses(busArn(REGION, "other"));
  const arrived = arrivedOn(REGION, "factory");

  await expect(forward(FAR, "default", FACTORY_BUS, false)).rejects.toMatchObject({
    code: "ValidationException",
    message: `RoleArn is required for target ${FACTORY_BUS}.`,
  });
  await forward(FAR, "default", FACTORY_BUS);
  await put(FAR, "default");

  expect(arrived).toEqual([]);
});

test("an event that came from another bus is not sent to a third one", async () => {
  const { call, forward, put, arrivedOn } = await buses("*");
  await call("events", "CreateEventBus", { Name: "third" });
  await forward(FAR, "default", FACTORY_BUS);
  await forward(REGION, "factory", busArn(REGION, "third"));
  const arrived = arrivedOn(REGION, "third");

  await put(FAR, "default");
  const ofForwarded = [...arrived];
  await put(REGION, "factory");

  expect(ofForwarded).toEqual([]);
  expect(arrived).toHaveLength(1);
});
