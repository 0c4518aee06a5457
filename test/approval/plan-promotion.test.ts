import { expect, test } from "vitest";
import type { Channel } from "../../core/factory/channel-schema.ts";
import { planPromotion } from "../../core/promotion/plan-promotion.ts";
import type { Trigger } from "../../events/build.ts";
import factory from "../../factory.config.ts";

const image = factory.images["ubuntu-2404-base"]!;
const share = { organization: true as const, organizationalUnits: [], accounts: [] };
const approval = { approvers: ["ada"], required: 1, timeout: 7200, remindAfter: 3600 };
const people = { ada: { slack: "U012AB3CD", principals: [] }, grace: { slack: "U045EF6GH", principals: [] } };

const plan = (channels: Channel[], needsApproval = false, triggers: readonly Trigger[] = []) =>
  planPromotion({ ...factory, people }, { ...image, channels }, { needsApproval, triggers }).channels.map(
    (one) => one.approval,
  );

const candidate = { name: "candidate", share, soak: 0 };
const stable = { name: "stable", share, soak: 0 };

test("approvers are asked before the channels that require approval", () => {
  expect(plan([candidate, { ...stable, approval }])).toEqual([
    undefined,
    { approvers: ["ada"], required: 1, timeoutSeconds: 7200, remindAfterSeconds: 3600 },
  ]);
});

test("what the gate leaves to approvers is asked before the first channel, of those who approve later ones", () => {
  const [first, second] = plan([candidate, { ...stable, approval }], true);

  expect(first).toEqual(second);
});

test("without channel approvers, the gate's question goes to everyone listed in the config", () => {
  expect(plan([candidate, stable], true)).toEqual([
    { approvers: ["ada", "grace"], required: 2, timeoutSeconds: 3 * 86_400 },
    undefined,
  ]);
});

test("two approvals are required unless the requesters are known or the config sets a number", () => {
  const principal = "arn:aws:sts::111122223333:assumed-role/Platform/ada";
  const known = { ...people, ada: { slack: "U012AB3CD", principals: [principal] } };
  const schedule = { kind: "schedule", scheduledTime: "2026-04-15T01:00:00Z" } as const;
  const manual = { kind: "manual", requestedBy: "ada" } as const;
  const required = (more: object, ...triggers: Trigger[]) =>
    planPromotion(
      { ...factory, people: known },
      { ...image, channels: [{ ...stable, approval: { approvers: ["ada", "grace"], timeout: 7200, ...more } }] },
      { triggers },
    ).channels[0]?.approval?.required;

  expect(required({}, { ...manual, principal })).toBe(1);
  expect([required({}), required({}, schedule), required({}, manual)]).toEqual([2, 2, 2]);
  expect(required({}, { ...manual, principal }, schedule)).toBe(2);
  expect(required({ required: 1 }, schedule)).toBe(1);
  expect(required({ required: 2 }, { ...manual, principal })).toBe(2);
});
