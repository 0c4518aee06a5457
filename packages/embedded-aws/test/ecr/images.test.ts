import { describe, expect, test } from "vitest";
import { FACTORY } from "../ec2/an-aws.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { aRegistry, digestOf, INDEX, MINUTE, manifestOf, NAME } from "./a-registry.ts";

const MISSING = digestOf("missing");

describe("an image", () => {
  test("is known by the digest of its manifest and by its tags", async () => {
    const { own, push, named, clock } = await aRegistry();
    const digest = await push("one", "1");
    const { manifest, size } = manifestOf("one");
    const pushed = new Date(clock.now());

    await own.putImage({ ...named, imageManifest: manifest, imageTag: "latest", imageDigest: digest });

    const { imageDetails } = await own.describeImages({ ...named, imageIds: [{ imageTag: "latest" }] });
    const { images } = await own.batchGetImage({ ...named, imageIds: [{ imageTag: "1" }] });
    expect(imageDetails).toEqual([
      {
        registryId: FACTORY,
        repositoryName: NAME,
        imageDigest: digest,
        imageTags: ["1", "latest"],
        imageSizeInBytes: size,
        imagePushedAt: pushed,
        imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json",
        artifactMediaType: "application/vnd.oci.image.config.v1+json",
        imageStatus: "ACTIVE",
      },
    ]);
    expect(images?.[0]).toMatchObject({ imageId: { imageDigest: digest, imageTag: "1" }, imageManifest: manifest });
  });

  test("loses its tag to the next image with it", async () => {
    const { own, push, named } = await aRegistry();
    const first = await push("one", "stable");
    const second = await push("two", "stable");

    const { imageIds } = await own.listImages(named);

    expect(imageIds).toEqual([{ imageDigest: first }, { imageDigest: second, imageTag: "stable" }]);
  });

  test("keeps its tag where tags are immutable, but for those that the filters except", async () => {
    const { own, push, named } = await aRegistry({
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filterType: "WILDCARD", filter: "channel-*" }],
    });
    await push("one", "1.0.0-1");
    const second = await push("two", "channel-stable");
    const { manifest } = manifestOf("one");
    const put = (imageManifest: string, imageTag: string) => own.putImage({ ...named, imageManifest, imageTag });

    await expectRefusal(
      put(manifestOf("two").manifest, "1.0.0-1"),
      "ImageTagAlreadyExistsException",
      `The image tag '1.0.0-1' already exists in the '${NAME}' repository and cannot be overwritten because the tag is immutable.`,
    );
    await put(manifest, "channel-stable");
    await own.putImageTagMutability({ ...named, imageTagMutability: "MUTABLE" });
    await put(manifestOf("two").manifest, "1.0.0-1");

    const { imageIds } = await own.listImages({ ...named, filter: { tagStatus: "TAGGED" } });
    expect(imageIds).toEqual([
      { imageDigest: digestOf(manifest), imageTag: "channel-stable" },
      { imageDigest: second, imageTag: "1.0.0-1" },
    ]);
  });

  test.each([
    ["again under the same tag", { imageTag: "1" }, "ImageAlreadyExistsException"],
    ["again without a tag", {}, "ImageAlreadyExistsException"],
    ["with another's digest", { imageTag: "2", imageDigest: MISSING }, "ImageDigestDoesNotMatchException"],
    ["with layers that were not uploaded", { imageManifest: manifestOf("none").manifest }, "LayersNotFoundException"],
    ["that is not JSON", { imageManifest: "<xml/>" }, "InvalidParameterException"],
    ["of an unknown type", { imageManifest: '{"mediaType":"a/b","config":{}}' }, "InvalidParameterException"],
    ["into a repository that does not exist", { repositoryName: "none" }, "RepositoryNotFoundException"],
  ])("put %s is refused", async (_, more, name) => {
    const { own, push, named } = await aRegistry();
    await push("one", "1");

    await expectRefusal(own.putImage({ ...named, imageManifest: manifestOf("one").manifest, ...more }), name);
  });

  test("is deleted with its last tag, or at once by its digest", async () => {
    const { own, push, named, events, pass } = await aRegistry();
    const first = await push("one", "1");
    await own.putImage({ ...named, imageManifest: manifestOf("one").manifest, imageTag: "latest" });
    const second = await push("two", "2");

    const untagged = await own.batchDeleteImage({ ...named, imageIds: [{ imageTag: "latest" }] });
    const { imageIds: kept } = await own.listImages(named);
    await own.batchDeleteImage({ ...named, imageIds: [{ imageTag: "1" }, { imageDigest: second }] });
    await pass(MINUTE);

    const { imageIds: left } = await own.listImages(named);
    expect(untagged.imageIds).toEqual([{ imageDigest: first, imageTag: "latest" }]);
    expect(kept).toEqual([
      { imageDigest: first, imageTag: "1" },
      { imageDigest: second, imageTag: "2" },
    ]);
    expect(left).toEqual([]);
    const told = events.map(({ detail }) => detail as Record<string, string>);
    expect(told.map((one) => `${one["action-type"]} ${one["image-tag"]}`)).toEqual([
      "PUSH 1",
      "PUSH latest",
      "PUSH 2",
      "DELETE latest",
      "DELETE 1",
      "DELETE 2",
    ]);
  });

  test("in a manifest list stays until the list is deleted", async () => {
    const { own, push, named } = await aRegistry();
    const digest = await push("one", "1");
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 1 };
    const list = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [entry] });
    await own.putImage({ ...named, imageManifest: list, imageTag: "all" });
    const remove = (imageDigest: string) => own.batchDeleteImage({ ...named, imageIds: [{ imageDigest }] });

    const refused = await remove(digest);
    await remove(digestOf(list));
    const gone = await remove(digest);

    expect(refused.failures).toMatchObject([{ failureCode: "ImageReferencedByManifestList" }]);
    expect(gone).toMatchObject({ failures: [], imageIds: [{ imageDigest: digest, imageTag: "1" }] });
  });

  test("that does not exist is a failure among the others", async () => {
    const { own, push, named } = await aRegistry();
    const digest = await push("one", "1");
    const imageIds = [
      { imageTag: "1" },
      { imageTag: "none" },
      { imageDigest: MISSING },
      { imageDigest: MISSING, imageTag: "1" },
    ];

    const { images, failures } = await own.batchGetImage({ ...named, imageIds });

    expect(images?.map(({ imageId }) => imageId)).toEqual([{ imageDigest: digest, imageTag: "1" }]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual([
      "ImageNotFound",
      "ImageNotFound",
      "ImageTagDoesNotMatchDigest",
    ]);
    await expectRefusal(
      own.describeImages({ ...named, imageIds: [{ imageTag: "none" }] }),
      "ImageNotFoundException",
      containing("imageTag:'none'"),
    );
  });

  test("lists with missing images are refused", async () => {
    const { own, named } = await aRegistry();
    const entry = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: MISSING, size: 1 };
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [entry] });

    await expectRefusal(own.putImage({ ...named, imageManifest }), "ReferencedImagesNotFoundException");
  });
});

describe("a layer", () => {
  const blob = Buffer.from("a layer");
  const parts = { partFirstByte: 0, partLastByte: blob.length - 1, layerPartBlob: blob };

  test("exists once its parts have the given digest", async () => {
    const { own, named, uploadLayer } = await aRegistry();
    await uploadLayer(blob);

    const { layers, failures } = await own.batchCheckLayerAvailability({
      ...named,
      layerDigests: [digestOf(blob), MISSING, "sha1:0"],
    });

    expect(layers).toEqual([
      { layerDigest: digestOf(blob), layerAvailability: "AVAILABLE", layerSize: blob.length },
      { layerDigest: MISSING, layerAvailability: "UNAVAILABLE" },
    ]);
    expect(failures).toMatchObject([{ layerDigest: "sha1:0", failureCode: "InvalidLayerDigest" }]);
  });

  test("is refused twice, under another digest, without parts, and out of order", async () => {
    const { own, named, uploadLayer } = await aRegistry();
    await uploadLayer(blob);
    const { uploadId } = await own.initiateLayerUpload(named);
    const complete = (digest: string, id = uploadId) =>
      own.completeLayerUpload({ ...named, uploadId: id, layerDigests: [digest] });

    await expectRefusal(complete(digestOf(blob)), "EmptyUploadException");
    await expect(own.uploadLayerPart({ ...named, uploadId, ...parts, partFirstByte: 1 })).rejects.toMatchObject({
      name: "InvalidLayerPartException",
      registryId: FACTORY,
      lastValidByteReceived: 0,
    });
    await own.uploadLayerPart({ ...named, uploadId, ...parts });
    await expectRefusal(complete(MISSING), "InvalidLayerException");
    await expectRefusal(complete(digestOf(blob)), "LayerAlreadyExistsException");
    await expectRefusal(complete(digestOf(blob), "00000000-0000-0000-0000-000000000000"), "UploadNotFoundException");
  });
});
