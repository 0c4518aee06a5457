import { describe, expect, it, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { matches } from "../../src/services/events/pattern/matches.ts";
import { parsePattern } from "../../src/services/events/pattern/parse-pattern.ts";
import type { Rule } from "../../src/services/events/state.ts";
import { targetInput } from "../../src/services/events/target-input.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { allow, makeRole } from "../policy.ts";
import { ACCOUNT, REGION, START } from "./new-events.ts";

const match = (pattern: object, event: object): boolean => matches(parsePattern(JSON.stringify(pattern)), event);

describe("a pattern", () => {
  it("takes fields of one object in a list together", () => {
    const pattern = { amis: { region: ["eu-west-1"], state: ["available"] } };

    expect(match(pattern, { amis: [{ region: "eu-west-1", state: "available" }] })).toBe(true);
    expect(
      match(pattern, {
        amis: [
          { region: "eu-west-1", state: "failed" },
          { region: "x", state: "available" },
        ],
      }),
    ).toBe(false);
  });

  it("joins the names of nested fields with dots", () => {
    expect(match({ "state.status": ["AVAILABLE"] }, { state: { status: "AVAILABLE" } })).toBe(true);
    expect(match({ state: { status: ["AVAILABLE"] } }, { "state.status": "AVAILABLE" })).toBe(true);
  });

  it("finds an absent field absent, also below something absent", () => {
    expect(match({ state: { reason: [{ exists: false }] } }, {})).toBe(true);
    expect(match({ state: { reason: [{ exists: true }] } }, { state: { reason: [] } })).toBe(false);
  });

  it("with $or needs one of the alternatives, and everything beside it", () => {
    const pattern = { source: ["amint"], $or: [{ a: [1] }, { b: [{ prefix: "x" }] }] };

    expect(match(pattern, { source: "amint", b: "xy" })).toBe(true);
    expect(match(pattern, { source: "amint", b: "y" })).toBe(false);
    expect(match(pattern, { source: "else", a: 1 })).toBe(false);
  });

  it("tells addresses of both kinds in and out of a block", () => {
    const inBlock = (cidr: string, address: string) => match({ ip: [{ cidr }] }, { ip: address });

    expect(inBlock("10.0.0.0/24", "10.0.0.255")).toBe(true);
    expect(inBlock("10.0.0.0/24", "10.0.1.0")).toBe(false);
    expect(inBlock("2001:db8::/32", "2001:0db8:ffff:0000:0000:0000:0000:0001")).toBe(true);
  });

  it("lets a wildcard stand for nothing, and finds the later of two places", () => {
    const wild = (wildcard: string, text: string) => match({ key: [{ wildcard }] }, { key: text });

    expect(wild("a*b", "ab")).toBe(true);
    expect(wild("*b*b", "ab")).toBe(false);
    expect(wild("img-*-prod", "img-1-prod-2-prod")).toBe(true);
    expect(wild("a\\*b", "a*b")).toBe(true);
    expect(wild("a\\*b", "axb")).toBe(false);
  });

  const refused: [string, object, string][] = [
    ["that is empty", {}, "Empty objects are not allowed"],
    ["with an empty list", { source: [] }, "Empty arrays are not allowed"],
    ["whose field is not a list", { source: "amint" }, '"source" must be an object or an array'],
    ["with a range that holds nothing", { a: [{ numeric: [">", 5, "<", 1] }] }, "Bottom must be less than top"],
    ["with an unknown comparison", { a: [{ numeric: ["!=", 5] }] }, "Unrecognized numeric range operator: !="],
    ["with two operators in one", { a: [{ prefix: "x", suffix: "y" }] }, "Only one key allowed in match expression"],
    ["that mixes kinds in anything-but", { a: [{ "anything-but": ["x", 1] }] }, "mixed type is not supported"],
  ];

  it.each(refused)("%s is refused", (_, pattern, reason) => {
    expect(() => parsePattern(JSON.stringify(pattern))).toThrow(reason);
  });
});

const rule = { name: "builds", arn: "arn:aws:events:eu-west-1:111122223333:rule/builds" } as Rule;
const event: BusEvent = {
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "channel.moved",
  source: "amint",
  account: "111122223333",
  time: "2026-04-15T03:00:00Z",
  region: "eu-west-1",
  resources: ["arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1"],
  detail: { image: "al2023-base", quote: 'a "b"', build: { number: 4 }, regions: ["eu-west-1", "us-east-1"] },
};
const ingestedAt = Date.UTC(2026, 3, 15, 3, 0, 1);

const transformed = (InputPathsMap: Record<string, string>, InputTemplate: string): string =>
  targetInput(rule, { Id: "t", Arn: "", InputTransformer: { InputPathsMap, InputTemplate } }, event, ingestedAt);

describe("what a target receives", () => {
  it("is a part of the event, by its path", () => {
    const of = (InputPath: string) => targetInput(rule, { Id: "t", Arn: "", InputPath }, event, ingestedAt);

    expect(of("$.detail.build")).toBe('{"number":4}');
    expect(of("$.detail.regions[1]")).toBe('"us-east-1"');
    expect(of("$.detail-type")).toBe('"channel.moved"');
  });

  it("has texts in quotes and objects as JSON where the template has no quotes around them", () => {
    const input = transformed(
      { image: "$.detail.image", build: "$.detail.build", number: "$.detail.build.number" },
      '{"trigger":"parent","image":<image>,"build":<build>,"number":<number>}',
    );

    expect(JSON.parse(input)).toEqual({ trigger: "parent", image: "al2023-base", build: { number: 4 }, number: 4 });
  });

  it("has texts as they are and objects without their quotes inside a quoted string", () => {
    const input = transformed({ image: "$.detail.image", build: "$.detail.build" }, '"<image> is \\"<build>\\""');

    expect(input).toBe('"al2023-base is \\"{number:4}\\""');
  });

  it("has an empty text for what the event lacks", () => {
    const template = '"Event of <type> type, <missing>"';

    const input = transformed({ type: "$.detail-type", missing: "$.detail.missing" }, template);

    expect(input).toBe('"Event of channel.moved type, "');
  });

  it("is not escaped, as AWS documents", () => {
    const input = transformed({ quote: "$.detail.quote" }, '{"quote": "<quote>"}');

    expect(input).toBe('{"quote": "a "b""}');
  });

  it("may name the rule, the whole event and when it came", () => {
    const template =
      '{"rule":<aws.events.rule-name>,"arn":"<aws.events.rule-arn>","at":<aws.events.event.ingestion-time>,"event":<aws.events.event.json>,"head":<aws.events.event>}';

    const input: unknown = JSON.parse(transformed({}, template));

    const { detail: _, ...head } = event;
    expect(input).toEqual({ rule: "builds", arn: rule.arn, at: "2026-04-15T03:00:01Z", event, head });
  });
});

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
  await makeRole(aws, ACCOUNT, "forward", { Service: "events.amazonaws.com" }, allow("events:PutEvents", mayPutOn));
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

  await expectRefusal(
    forward(FAR, "default", FACTORY_BUS, false),
    "ValidationException",
    `RoleArn is required for target ${FACTORY_BUS}.`,
  );
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
