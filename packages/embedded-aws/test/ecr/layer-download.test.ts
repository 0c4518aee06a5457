import { expect, onTestFinished, test } from "vitest";
import { startServer } from "../../src/server.ts";
import { aRegistry, DAY, digestOf, MINUTE, manifestOf } from "./a-registry.ts";

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
