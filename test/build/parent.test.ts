import { DescribeImagesCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { startScenario } from "../world/scenario.ts";
import { DAY, HOUR } from "../world/time.ts";

const critical = {
  severity: "CRITICAL",
  fixAvailable: "YES",
  title: "CVE-2026-99902",
  packageVulnerabilityDetails: {
    vulnerabilityId: "CVE-2026-99902",
    vulnerablePackages: [{ name: "openssl-libs", version: "3.2.2" }],
  },
};

test("a child is built from its parent's promoted build while a newer, rejected one exists", {
  tags: "deep",
}, async () => {
  const factory = await startScenario({
    findings: ({ image, build }) => (image === "acme-al2023-base" && build === 2 ? [critical] : []),
  });
  await factory.request("al2023-base");
  await factory.pass(2 * DAY);
  const promoted = await factory.channel("al2023-base", "stable", "eu-west-1");
  await factory.request("al2023-base", "grace");
  await factory.pass(3 * HOUR);
  expect(factory.said("gate.rejected")).toHaveLength(1);

  await factory.request("al2023-web");
  await factory.pass(3 * HOUR);

  const child = factory.said("build.available").findLast(({ image }) => image === "al2023-web");
  const { Images = [] } = await factory
    .ec2("eu-west-1")
    .send(new DescribeImagesCommand({ ImageIds: [String(child?.amiId)] }));
  expect(Images[0]?.SourceImageId).toBe(promoted);
  expect(await factory.channel("al2023-base", "stable", "eu-west-1")).toBe(promoted);
});

test("a child bears none of its parent's watermarks when its gate is decided", { tags: "deep" }, async () => {
  const factory = await startScenario({ findings: ({ image }) => (image === "acme-al2023-web" ? [critical] : []) });
  await factory.request("al2023-base");
  await factory.pass(30 * HOUR);

  const [child] = factory.said("build.available").filter(({ image }) => image === "al2023-web");
  const parent = await factory.channel("al2023-base", "stable", "eu-west-1");
  const { Images = [] } = await factory
    .ec2("eu-west-1")
    .send(new DescribeImagesCommand({ ImageIds: [String(child?.amiId), String(parent)] }));
  const marks = Object.fromEntries(
    Images.map(({ ImageId = "", ImageWatermarks = [] }) => [ImageId, ImageWatermarks.map((one) => one.WatermarkKey)]),
  );

  expect(factory.said("gate.rejected").map(({ image }) => image)).toEqual(["al2023-web"]);
  expect(marks[String(parent)]).toEqual([
    "111122223333:amint/acme-al2023-base/candidate",
    "111122223333:amint/acme-al2023-base/stable",
  ]);
  expect(marks[String(child?.amiId)]).toEqual([]);
});

test("a parent's promotion starts its child once, however often the event comes", async () => {
  const factory = await startScenario();
  await factory.request("al2023-base");
  await factory.pass(26 * HOUR);
  const [started] = factory.said("build.started").filter(({ image }) => image === "al2023-web");
  const parentBuild = started?.parentBuild;
  const again = { trigger: "parent", image: "al2023-web", parent: "al2023-base", channel: "stable", parentBuild };

  await factory.send("start-build", again);
  await factory.send("start-build", again);
  // Past the child's build, after which a trigger that waited would start another.
  await factory.pass(3 * HOUR);

  expect(parentBuild).toBeDefined();
  expect(factory.said("build.started").filter(({ image }) => image === "al2023-web")).toHaveLength(1);
});

test("a child whose parent has no promoted build is not built, and the refusal says why", {
  tags: "deep",
}, async () => {
  const factory = await startScenario();

  await factory.request("al2023-web");
  await factory.pass(HOUR);

  expect(factory.said("build.started")).toEqual([]);
  expect(factory.said("trigger.suppressed")).toMatchObject([
    { image: "al2023-web", reason: "its parent al2023-base has no build in channel stable yet" },
  ]);
});
