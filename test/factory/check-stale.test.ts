import { expect, test } from "vitest";
import { checkStale } from "../../core/factory/check-triggers.ts";
import { every, patchTuesday } from "../../core/factory/schedule-schema.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
import factory from "../../factory.config.ts";

const DAY = 86_400;
const base = factory.images["al2023-base"]!;
const web = factory.images["al2023-web"]!;
const quarterly = every("cron(0 3 1 */3 ? *)");

const withTriggers = (triggers: object) => ({
  "al2023-base": { ...base, triggers: { ...base.triggers, ...triggers } },
  "al2023-web": web,
});
const faultsOf = (triggers: object) => checkStale({ ...factory, images: withTriggers(triggers) });

test("an alarm that would fire between two patch nights is refused with a valid value", () => {
  expect(faultsOf({ staleAfter: 30 * DAY })).toEqual([
    'images.al2023-base.triggers.staleAfter: expected at least "36d", the longest time between two dates of the schedule and the soaks together; found "30d"',
  ]);
  expect(faultsOf({ staleAfter: 36 * DAY })).toEqual([]);
});

test("an alarm on an image that no schedule rebuilds is refused, since it may rightly be old", () => {
  expect(faultsOf({ schedule: undefined, staleAfter: 40 * DAY })).toEqual([
    "images.al2023-base.triggers.staleAfter: requires a schedule: the image's own, or its parent's with triggers.parent: true",
  ]);
});

test("images that are each other's parents have no schedule, and are refused elsewhere", () => {
  const parent = { image: "al2023-web", channel: "stable" };
  const { schedule: _, ...triggers } = { ...base.triggers, parent: true, staleAfter: 40 * DAY };

  const images = { "al2023-base": { ...base, parent, triggers }, "al2023-web": web };

  expect(checkStale({ ...factory, images })).toHaveLength(1);
});

test("forty days are the limit unless the schedule is slower, or the config says another one", () => {
  const limits = [
    {},
    { staleAfter: 50 * DAY },
    { schedule: quarterly },
    { schedule: patchTuesday({ plusDays: 1, at: "03:00", timezone: "Europe/Zurich" }) },
    { schedule: undefined },
  ].map((triggers) => (staleAfter(withTriggers(triggers), "al2023-base") ?? 0) / DAY);

  // A quarter of 92 days, a day of soak, and four for approval.
  expect(limits).toEqual([40, 50, 97, 40, 0]);
});

test("an image that follows its parent's promotions is as old as that one, and its own soaks", () => {
  const limit = staleAfter(withTriggers({ schedule: quarterly }), "al2023-web");

  expect((limit ?? 0) / DAY).toBe(98);
});
