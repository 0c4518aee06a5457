import { expect, test } from "vitest";
import { measureImage } from "../../core/monitoring/measure-image.ts";
import factory from "../../factory.config.ts";

const image = factory.images["al2023-base"]!;
const now = new Date("2026-04-21T00:00:00Z");
const failed = (day: number, config = "a") =>
  ({ status: "failed", startedAt: `2026-04-${String(day).padStart(2, "0")}T00:00:00Z`, config }) as const;
const ago = (days: number) => ({ startedAt: new Date(now.getTime() - days * 86_400_000).toISOString() });

test("an image is as old as the build in its oldest channel", () => {
  const channels = { candidate: ago(1), stable: ago(33) };

  const { ages, daysSincePatch } = measureImage(image, { builds: [failed(1)], channels }, now);

  expect(ages).toEqual({ candidate: 86_400, stable: 33 * 86_400 });
  expect(daysSincePatch).toBe(33);
});

test("a channel that was added to the config, or taken out of it, makes an image no older", () => {
  const { ages, daysSincePatch } = measureImage(
    image,
    { builds: [failed(1)], channels: { candidate: ago(2), gone: ago(99) } },
    now,
  );

  expect(Object.keys(ages)).toEqual(["candidate"]);
  expect(daysSincePatch).toBe(2);
});

test("an image without a released build is as old as its first attempt", () => {
  const builds = [failed(11), failed(6), failed(16)];

  expect(measureImage(image, { builds, channels: {} }, now).daysSincePatch).toBe(15);
  expect(measureImage(image, { builds: [], channels: {} }, now).daysSincePatch).toBeUndefined();
});

test("a breaker is open after as many failures of what the image is now as the config says", () => {
  const isOpen = (builds: Parameters<typeof measureImage>[1]["builds"]) =>
    measureImage(image, { builds, channels: {} }, now).breakerOpen;

  expect(isOpen([])).toBe(false);
  expect(isOpen([failed(1), failed(2)])).toBe(false);
  expect(isOpen([failed(3), failed(1), failed(2)])).toBe(true);
  expect(isOpen([failed(3), failed(1), failed(2), { ...failed(4), status: "available" }])).toBe(false);
  expect(isOpen([failed(3), failed(1), failed(2), { ...failed(4, "b"), status: "building" }])).toBe(false);
});
