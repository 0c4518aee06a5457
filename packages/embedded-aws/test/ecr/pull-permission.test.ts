import { describe, expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/server.ts";
import { FACTORY, PRODUCTION, SANDBOX, STRANGER } from "../ec2/an-aws.ts";
import { policy } from "../policy.ts";
import { aRegistry, DAY, digestOf, MINUTE, manifestOf, NAME } from "./a-registry.ts";

const PULL = ["ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"];
const asked = { registryId: FACTORY, repositoryName: NAME };
const imageIds = [{ imageTag: "stable" }];

/** A repository with an image that callers who meet the condition may pull. */
async function aSharedRepository(Condition: object) {
  const registry = await aRegistry();
  await registry.push("one", "stable");
  const policyText = policy({ Sid: "Pull", Effect: "Allow", Principal: "*", Action: PULL, Condition });
  await registry.own.setRepositoryPolicy({ repositoryName: NAME, policyText });
  return registry;
}

const refused = { name: "AccessDeniedException", message: expect.stringContaining("not authorized to perform: ecr:") };

describe("a pull from another account", () => {
  test("of the organization is let through, manifest and layers", async () => {
    const { ecr } = await aSharedRepository({ StringEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } });
    const consumer = ecr(PRODUCTION);
    const layerDigest = digestOf(manifestOf("one").blobs[1] ?? "");

    const { images } = await consumer.batchGetImage({ ...asked, imageIds });
    const { layers } = await consumer.batchCheckLayerAvailability({ ...asked, layerDigests: [layerDigest] });
    const { downloadUrl } = await consumer.getDownloadUrlForLayer({ ...asked, layerDigest });

    expect(images?.[0]?.imageManifest).toContain(layerDigest);
    expect(layers?.[0]?.layerAvailability).toBe("AVAILABLE");
    expect(downloadUrl).toContain(layerDigest.slice("sha256:".length));
  });

  test("outside the organization is refused", async () => {
    const { ecr } = await aSharedRepository({ StringEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } });

    await expect(ecr(STRANGER).batchGetImage({ ...asked, imageIds })).rejects.toMatchObject(refused);
  });

  test("from one OU is allowed, from another denied", async () => {
    const { ecr } = await aSharedRepository({
      "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-exampleorg1/r-abcd/ou-abcd-workload/*" },
    });

    const { images } = await ecr(PRODUCTION).batchGetImage({ ...asked, imageIds });
    const sandbox = ecr(SANDBOX).batchGetImage({ ...asked, imageIds });

    expect(images).toHaveLength(1);
    await expect(sandbox).rejects.toMatchObject(refused);
  });

  test("needs the caller's own policies, too", async () => {
    const { role } = await aSharedRepository({ StringEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } });
    const able = await role(PRODUCTION, PULL);
    const unable = await role(PRODUCTION, "ecr:GetAuthorizationToken");

    const answer = await able<{ images: unknown[] }>("ecr", "BatchGetImage", { ...asked, imageIds });
    const token = await unable<{ authorizationData: unknown[] }>("ecr", "GetAuthorizationToken", {});

    expect(answer.images).toHaveLength(1);
    expect(token.authorizationData).toHaveLength(1);
    await expect(unable("ecr", "BatchGetImage", { ...asked, imageIds })).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
  });

  test("may not push", async () => {
    const { call } = await aSharedRepository({ StringEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } });

    await expect(
      call(PRODUCTION, "ecr", "PutImage", { ...asked, imageManifest: "{}", imageTag: "stable" }),
    ).rejects.toMatchObject({ code: "AccessDeniedException" });
  });
});

test("a repository without a policy is its own account's alone", async () => {
  const { ecr, push } = await aRegistry();
  await push("one", "stable");

  await expect(ecr(PRODUCTION).batchGetImage({ ...asked, imageIds })).rejects.toMatchObject(refused);
});

/** A registry that is served, with an image, and the URL of the image's layer. */
async function aServedLayer() {
  const registry = await aRegistry();
  const server = await startServer(registry.aws, { port: 0 });
  onTestFinished(() => server.close());
  const imageDigest = await registry.push("one", "stable");
  const layerDigest = digestOf(manifestOf("one").blobs[1] ?? "");
  const named = { ...registry.named, layerDigest };
  const { downloadUrl = "" } = await registry.own.getDownloadUrlForLayer(named);
  return { ...registry, imageDigest, layerDigest, downloadUrl };
}

test("a layer's URL gives the layer's bytes without credentials", async () => {
  const { downloadUrl, layerDigest } = await aServedLayer();

  const answer = await fetch(downloadUrl);

  expect(answer.status).toBe(200);
  expect(digestOf(new Uint8Array(await answer.arrayBuffer()))).toBe(layerDigest);
});

test("a layer's URL expires after an hour, and is valid for no other layer", async () => {
  const { downloadUrl, pass } = await aServedLayer();

  const changed = await fetch(downloadUrl.replace(/sha256\/../, "sha256/00"));
  await pass(61 * MINUTE);
  const late = await fetch(downloadUrl);

  expect([changed.status, await changed.text()]).toEqual([403, expect.stringContaining("SignatureDoesNotMatch")]);
  expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("Request has expired")]);
});

test("the last pull is recorded once a day, and looking is none", async () => {
  const { own, named, imageDigest, clock, pass } = await aServedLayer();
  const imageIds = [{ imageDigest }];
  const pulledAt = async () => {
    const { imageDetails = [] } = await own.describeImages({ ...named, imageIds });
    return imageDetails[0]?.lastRecordedPullTime?.getTime();
  };

  const before = await pulledAt();
  const first = clock.now();
  await own.batchGetImage({ ...named, imageIds });
  await pass(DAY / 2);
  await own.batchGetImage({ ...named, imageIds });
  const within = await pulledAt();
  await pass(DAY);
  await own.batchGetImage({ ...named, imageIds });
  const after = await pulledAt();

  expect(before).toBeUndefined();
  expect(Math.abs((within ?? 0) - first)).toBeLessThan(1000);
  expect(Math.abs((after ?? 0) - clock.now())).toBeLessThan(1000);
});
