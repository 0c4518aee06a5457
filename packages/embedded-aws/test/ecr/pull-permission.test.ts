import { describe, expect, test } from "vitest";
import { policy } from "../policy.ts";
import { FACTORY, PRODUCTION, SANDBOX, STRANGER } from "../ram/sharing-aws.ts";
import { aRegistry, digestOf, manifestOf, NAME } from "./a-registry.ts";

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

    const pull = ecr(STRANGER).batchGetImage({ ...asked, imageIds });

    await expect(pull).rejects.toMatchObject(refused);
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

    const push = call(PRODUCTION, "ecr", "PutImage", { ...asked, imageManifest: "{}", imageTag: "stable" });

    await expect(push).rejects.toMatchObject({ code: "AccessDeniedException" });
  });
});

test("a repository without a policy is its own account's alone", async () => {
  const { ecr, push } = await aRegistry();
  await push("one", "stable");

  const pull = ecr(PRODUCTION).batchGetImage({ ...asked, imageIds });

  await expect(pull).rejects.toMatchObject(refused);
});
