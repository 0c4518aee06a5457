import { BatchGetImageCommand, ECRClient, GetDownloadUrlForLayerCommand } from "@aws-sdk/client-ecr";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { readImageState } from "../../adapters/build/image-state.ts";
import { toContainerImage } from "../../core/containers/container-image.ts";
import { channelParameter } from "../../core/names.ts";
import { isContainerImageId } from "../../events/ids.ts";
import factory from "../../factory.config.ts";
import { openTrail, type Trail } from "../channel/way-back/trail.ts";
import { HOUR } from "../world/time.ts";

/** The example factory's container image, with a channel that reaches the whole organization. */
const [found] = Object.entries(factory.images).flatMap(([image, { kind, channels }]) =>
  kind === "container"
    ? channels.flatMap(({ name, share }) => (share.organization ? [{ image, channel: name }] : []))
    : [],
);
const owner = "111122223333";
const MEMBER = "500000000001";
/** In no organization of the factory's. */
const STRANGER = "600000000009";

/** A channel's parameter in a region; it names a container image by digest. */
async function readChannel({ factory: running }: Trail, { image, channel }: NonNullable<typeof found>, region: string) {
  const ssm = new SSMClient({ ...running.options, region });
  const Name = channelParameter(factory.name, image, channel);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const says = Parameter?.Value ?? "";
  if (!isContainerImageId(says)) throw new Error(`${Name} in ${region} says ${says}`);
  return toContainerImage(says);
}

/** Pulls as docker does: by a tag or a digest, manifest and layers. @returns the digest; what AWS refused, else */
async function pull(
  { factory: running }: Trail,
  account: string,
  {
    region,
    repositoryName,
    ...imageId
  }: { region: string; repositoryName: string; imageTag?: string; imageDigest?: string },
): Promise<string | undefined> {
  const ecr = new ECRClient(running.optionsOf(account, region));
  const named = { registryId: owner, repositoryName };
  try {
    const { images = [] } = await ecr.send(new BatchGetImageCommand({ ...named, imageIds: [imageId] }));
    const [image] = images;
    if (!image?.imageManifest) return "not there";
    for (const { digest } of JSON.parse(image.imageManifest).layers as { digest: string }[]) {
      const asked = new GetDownloadUrlForLayerCommand({ ...named, layerDigest: digest });
      const answer = await fetch((await ecr.send(asked)).downloadUrl ?? "");
      if (!answer.ok) return `layer: HTTP ${answer.status}`;
    }
    return image.imageId?.imageDigest;
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

// With the blueprint that deploys, and its grants.
test("a container image goes from its trigger to consumers' pulls in every region, and is rolled back", async () => {
  if (!found) throw new Error("The example has no container image with a channel for the whole organization.");
  const at = found;
  const trail = await openTrail(at.image, 2, { hours: 30 });
  const [first = "", second = ""] = trail.builds;
  const { channels } = await readImageState(trail.ledger, at.image);
  const newest = channels[at.channel];
  const pulls = async (account: string) => {
    const asked = factory.regions.map(async (region) => {
      const { repository: repositoryName } = await readChannel(trail, at, region);
      return pull(trail, account, { region, repositoryName, imageTag: at.channel });
    });
    return Promise.all(asked);
  };
  const digests = () =>
    Promise.all(factory.regions.map(async (region) => (await readChannel(trail, at, region)).digest));
  const before = await digests();

  expect(newest?.build.endsWith(second)).toBe(true);
  expect(await pulls(MEMBER)).toEqual(before);
  expect(new Set(await pulls(STRANGER))).toEqual(new Set(["AccessDeniedException"]));
  const [imageDigest = ""] = before;
  const builds = { region: factory.buildRegion, repositoryName: `${factory.name}/${at.image}/builds`, imageDigest };
  expect(await pull(trail, MEMBER, builds)).toBe("AccessDeniedException");
  expect(trail.said("share.verified").at(-1)).toMatchObject({
    accounts: expect.arrayContaining([{ account: MEMBER, proof: "pullable" }]),
  });

  const rolledBack = await trail.amint("rollback", at.image, at.channel, "--reason", "it does not start");

  expect(rolledBack).toMatchObject({ code: 0, stderr: "" });
  const after = await digests();
  expect(after).not.toEqual(before);
  expect(await pulls(MEMBER)).toEqual(after);
  expect((await readImageState(trail.ledger, at.image)).channels[at.channel]?.build.endsWith(first)).toBe(true);

  const revoked = await trail.amint("revoke", second, "--reason", "a backdoor");

  expect(revoked).toMatchObject({ code: 0, stderr: "" });
  const repositoryName = `${factory.name}/${at.image}/${at.channel}`;
  const ofSecond = { region: factory.buildRegion, repositoryName, imageDigest };
  expect(await pull(trail, MEMBER, ofSecond)).toBe("not there");

  const restored = await trail.amint("restore", second, "--reason", "it was none");
  await trail.factory.clock.runUntil(trail.factory.clock.now() + 2 * HOUR);

  expect(restored).toMatchObject({ code: 0, stderr: "" });
  expect(await pull(trail, MEMBER, ofSecond)).toBe(imageDigest);
  expect(await digests()).toEqual(after);
  expect(trail.said("drift.found")).toEqual([]);
  expect(trail.said("consumers.failed")).toEqual([]);
});
