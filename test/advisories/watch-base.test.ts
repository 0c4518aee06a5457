import { accountPrincipal } from "embedded-aws";
import { announceRelease, releasePublicImage } from "embedded-aws/seeds";
import { expect, test } from "vitest";
import { findParked } from "../../local/consumers/subscriber.ts";
import { startWatched, type Watched } from "./watching.ts";

const release = {
  family: "al2023",
  architecture: "x86_64",
  regions: ["eu-west-1"],
  version: "2023.11.20260402.0",
} as const;
const topic = "arn:aws:sns:us-east-1:137112412989:amazon-linux-2023-ami-updates";

async function withBuild(): Promise<Watched> {
  const watched = await startWatched();
  await watched.request("al2023-base");
  await watched.until(2);
  return watched;
}

const tell = ({ booted }: Watched, Message: string) =>
  booted.aws.call(
    "sns",
    "Publish",
    { TopicArn: topic, Message },
    { principal: accountPrincipal("137112412989"), region: "us-east-1" },
  );

test("a new public AMI rebuilds the image once, minutes after Amazon's topic in us-east-1 announced it", async () => {
  const watched = await withBuild();
  const images = releasePublicImage(watched.booted.aws, release);

  await announceRelease(watched.booted.aws, { ...release, images });
  await announceRelease(watched.booted.aws, { ...release, images });
  await watched.until(2.05);
  const soon = watched.builtFor("al2023-base");
  await watched.until(40);

  expect(soon).toEqual(["manual", "base"]);
  expect(watched.builtFor("al2023-base")).toEqual(["manual", "base"]);
  const [first, second] = watched.said("build.started", "al2023-base");
  expect(first).toBeDefined();
  expect(second?.triggers).toMatchObject([
    { name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", to: images["eu-west-1"] },
  ]);
});

test("without a message, polling finds a new public AMI", { tags: "deep" }, async () => {
  const watched = await withBuild();
  const images = releasePublicImage(watched.booted.aws, release);

  await watched.until(10);

  expect(watched.said("base.updated", "al2023-base")).toMatchObject([{ to: images["eu-west-1"] }]);
  expect(watched.builtFor("al2023-base")).toEqual(["manual", "base"]);
});

test("a message of unknown shape still causes a check, and is not parked", { tags: "deep" }, async () => {
  const watched = await withBuild();

  for (const message of ["New AMIs!", "{}", JSON.stringify({ v2: { Images: ["ami-1"] } })])
    await tell(watched, message);
  await watched.until(2.2);
  const unchanged = watched.builtFor("al2023-base");
  releasePublicImage(watched.booted.aws, release);
  await tell(watched, "<xml/>");
  await watched.until(2.3);

  expect(unchanged).toEqual(["manual"]);
  expect(watched.builtFor("al2023-base")).toEqual(["manual", "base"]);
  expect(await findParked(watched.options)).toEqual([]);
});
