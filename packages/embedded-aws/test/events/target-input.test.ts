import { describe, expect, it } from "vitest";
import type { BusEvent } from "../../src/services/events/event.ts";
import type { Rule } from "../../src/services/events/state.ts";
import { targetInput } from "../../src/services/events/target-input.ts";

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
