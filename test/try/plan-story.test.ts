import { expect, test } from "vitest";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { audienceOf } from "../../local/organization/audience.ts";
import { derivedOrganization, stranger } from "../../local/organization/derived-organization.ts";
import { planStory } from "../../local/story/plan-story.ts";
import { factoryOf, IMAGE, imageOf } from "../world/factory-of.ts";
import { MANAGEMENT } from "../world/organization.ts";

const account = "111122223333";
const begin = Date.UTC(2026, 3, 6, 8);
type Channels = FactoryInput["images"][string]["channels"];

const story = (channels: Channels, { seed = 1, days = 12, ...changes }: Partial<FactoryInput> & Times = {}) =>
  planStory(factoryOf({ ...changes, images: { [IMAGE]: imageOf({ channels }) } }), { account, begin, days, seed });

interface Times {
  readonly seed?: number;
  readonly days?: number;
}

const stable = { name: "stable", share: { organization: true } } as const;

test("the same seed gives the same story, and another seed another one", () => {
  expect(story([stable], { seed: 7 })).toEqual(story([stable], { seed: 7 }));
  expect(story([stable], { seed: 7 }).events).not.toEqual(story([stable], { seed: 8 }).events);
});

test("what the config or the days rule out is listed with the reason", () => {
  const { impossible } = story([{ ...stable, name: "slow", soak: "20d" }, stable]);

  expect(Object.fromEntries(impossible.map(({ what, why }) => [what, why]))).toEqual({
    "base in stable": "soaks and approvals on the way take 20.1 days",
    "a patch night": "no image has a schedule",
    "a rollback": "no last channel gets two builds in these days",
    "a revocation": "no build reaches a last channel in these days",
    "an advisory": "no image has triggers.packages",
    "a base update": "no image on an AMI of others has triggers.base",
    "a failing component": "what follows from it takes more than these days",
    "a rejected gate": "what follows from it takes more than these days",
  });
});

test("a channel whose approvers cannot answer is never entered, and the story says what they need", () => {
  const people = {
    ada: { slack: "U0ADA00001" },
    grace: { principals: ["arn:aws:sts::222233334444:assumed-role/Platform/grace"] },
  };
  const approval = { approvers: ["ada", "grace"] };

  const [first] = story([{ ...stable, approval }], { people }).impossible;

  expect(first).toEqual({
    what: "base in stable",
    why: expect.stringMatching(/^stable takes 2 approvals, and 0 of its approvers can answer: they need a Slack id/),
  });
});

test("a derived organization has everything that the config names, and shares resolve in it", () => {
  const share = {
    organizationalUnits: ["ou-exam-workload"],
    accounts: ["444455556666"],
    except: { organizationalUnits: ["ou-exam-frozen01"], accounts: ["555566667777"] },
  };
  const factory = factoryOf({ images: { [IMAGE]: imageOf({ channels: [{ name: "stable", share }] }) } });
  const seed = derivedOrganization(factory, account, 1);
  const [unit] = seed.units ?? [];
  const inUnit = unit?.accounts?.map(({ id }) => id) ?? [];

  expect(unit?.units).toEqual([expect.objectContaining({ id: "ou-exam-frozen01" })]);
  expect(unit?.units?.[0]?.accounts?.length).toBeGreaterThan(0);
  expect(inUnit).toContain("555566667777");
  const channel = factory.images[IMAGE]?.channels[0];
  const audience = channel ? audienceOf(channel.share, seed, account) : [];
  expect(audience).toEqual([...inUnit.filter((id) => id !== "555566667777"), "444455556666"].toSorted());
  expect(audienceOf({ organization: true, organizationalUnits: [], accounts: [] }, seed, account)).toContain(
    MANAGEMENT,
  );
  expect(audience).not.toContain(stranger(seed));
});
