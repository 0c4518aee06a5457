import { expect, test } from "vitest";
import { checkApprovals } from "../../core/factory/check-channels.ts";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { Factory, FactoryInput } from "../../core/factory/factory-schema.ts";
import { configWith, faultsOf as faultsOfConfig } from "./faults.ts";

type ChannelInput = FactoryInput["images"][string]["channels"][number];

const people = { ada: { slack: "U012AB3CD" }, grace: { slack: "U045EF6GH" } };

/** Without the cross-field checks, which are tested here. */
function faultsOf(changes: Partial<ChannelInput>, more: Partial<Pick<Factory, "people" | "notify">> = {}): string[] {
  const { approval, ...channel } = changes;
  const channels = [
    { name: "stable", share: { organization: true }, ...channel },
    { name: "last", share: { organization: true } },
  ];
  const factory = defineFactory(configWith({ people, notify: { slack: { channel: "#images" } } }, { channels }));
  const image = factory.images.base!;
  const [first, ...rest] = image.channels;
  const asking = { timeout: 86_400, ...approval } as NonNullable<typeof first>["approval"];
  const asked = [{ ...first!, ...(approval && { approval: asking }) }, ...rest];
  return checkApprovals({ ...factory, ...more, images: { base: { ...image, channels: asked } } });
}

test("an approval by persons of the config is valid", () => {
  expect(faultsOf({ approval: { approvers: ["ada", "grace"], required: 2 } })).toEqual([]);
});

test.each([
  [
    { approvers: ["ada"] },
    "images.base.channels[0].approval.required: expected 1 (set explicitly) or a second approver, found 1 approver: by default a build needs two approvals unless all its requesters are in people",
  ],
  [
    { approvers: ["ada", "linus"] },
    'images.base.channels[0].approval.approvers[1]: expected a name from people: "ada", "grace", found "linus"',
  ],
  [
    { approvers: ["ada", "ada"], required: 1 },
    'images.base.channels[0].approval.approvers: expected each approver once, found "ada", "ada"',
  ],
  [
    { approvers: ["ada"], required: 2 },
    "images.base.channels[0].approval.required: expected at most 1, the number of approvers, found 2",
  ],
  [
    { approvers: ["ada"], required: 1, remindAfter: 86_400 as never },
    'images.base.channels[0].approval.remindAfter: expected less than timeout, "1d", found "1d"',
  ],
  [
    { approvers: ["ada"], required: 1, timeout: (30 * 86_400) as never },
    "images.base.channels: expected soaks and approval timeouts of at most 29 days together, found 30 days",
  ],
])("an approval that cannot work is named with its path: %j", (approval, fault) => {
  expect(faultsOf({ approval })).toEqual([fault]);
});

test("two persons with one Slack id or IAM principal are refused", () => {
  const principals = ["arn:aws:iam::111122223333:user/ada"];
  const alike = { ada: { slack: "U012AB3CD", principals }, grace: { slack: "U012AB3CD", principals } };

  expect(faultsOf({}, { people: alike })).toEqual([
    `people.grace.slack: expected an identity that people.ada does not have, found "U012AB3CD"`,
    `people.grace.principals[0]: expected an identity that people.ada does not have, found "${principals[0]}"`,
  ]);
});

test("approvers whom neither Slack nor IAM can ask are named", () => {
  const unreachable = { people: { ada: { slack: "U012AB3CD", principals: [] } }, notify: { email: [] } };

  expect(faultsOf({ approval: { approvers: ["ada"], required: 1 } }, unreachable)).toEqual([
    'images.base.channels[0].approval.approvers[0]: expected notify.slack or people.ada.principals, found neither: "ada" could not answer',
  ]);
});

test("a gate that asks for approval needs approvers in the config", () => {
  const gate = { cve: { count: "all" }, parent: { maxAge: "30d", onViolation: "ask" } };

  expect(faultsOfConfig({}, { gate })).toEqual([
    'images.base.gate.parent.onViolation: expected "reject", or at least one people.<name>, found "ask"',
  ]);
  expect(faultsOfConfig({ people: { ada: { principals: ["arn:aws:iam::111122223333:user/ada"] } } }, { gate })).toEqual(
    [],
  );
});
