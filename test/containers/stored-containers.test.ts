import { REGION } from "embedded-aws/testing/ec2";
import { aRegistry } from "embedded-aws/testing/ecr";
import { expect, test } from "vitest";
import { listStoredContainers } from "../../adapters/cost/read-usage.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";

/** With an image whose builds lie where the registry's helper pushes to. */
const factoryWith = (buildRegion: string): Pick<Factory, "name" | "images" | "buildRegion"> => ({
  name: "acme",
  buildRegion,
  images: {
    web: { kind: "container", channels: [{ name: "stable" }, { name: "nowhere" }] },
    base: { kind: "ami", channels: [{ name: "stable" }] },
  } as unknown as Factory["images"],
});

test("the content of container repositories is counted, each image completely; a missing repository counts as empty", async () => {
  const { own, push } = await aRegistry({ repositoryName: "acme/web/builds" });

  await push("one", "1.0.0-1");
  await push("two", "1.0.0-2");
  const atHome = await listStoredContainers(own, REGION, factoryWith(REGION));
  const elsewhere = await listStoredContainers(own, REGION, factoryWith("us-west-2"));

  expect(atHome).toHaveLength(2);
  expect(atHome[0]).toMatchObject({ image: "web", region: REGION, repository: "acme/web/builds", copied: false });
  expect(atHome.every(({ gib }) => gib > 0)).toBe(true);
  expect(elsewhere.map(({ copied }) => copied)).toEqual([true, true]);
});
