// @module-tag deep
// @module-tag needs/sst-platform
import { expect, test } from "vitest";
import { advisoriesOf, type ImageOs, imageOsNames } from "../../core/component/image-system.ts";
import { tryConfig } from "./try-config.ts";

test("an image of each system is built from its usual parent, judged and promoted, and rebuilt for an advisory", async () => {
  const { tried, faults } = await tryConfig("systems", { seed: 1, days: 2 });

  expect(faults).toEqual([]);
  const imagesOf = (wanted: string) =>
    new Set(tried.events.flatMap(({ detailType, detail }) => (detailType === wanted ? [detail.image] : [])));
  for (const event of ["build.available", "gate.passed", "share.verified", "channel.moved"]) {
    expect([event, imagesOf(event)]).toEqual([event, new Set(imageOsNames)]);
  }
  const bases = tried.events.flatMap(({ detailType, detail }) => (detailType === "base.updated" ? [detail.name] : []));
  expect(bases.toSorted()).toEqual([
    expect.stringMatching(/^\/aws\/service\//),
    expect.stringMatching(/^\/imagebuilder\/amint\/os\/parents\//),
  ]);
  // An advisory of a system rebuilds those of its images that have not been rebuilt since.
  const updated = tried.events.filter(({ detailType }) => detailType === "package.updated");
  expect(new Set(updated.map(({ detail }) => advisoriesOf(detail.image as ImageOs)))).toEqual(
    new Set(imageOsNames.map(advisoriesOf)),
  );
});
