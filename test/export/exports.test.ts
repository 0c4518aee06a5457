// @module-tag needs/sst-platform
import { createHash, createPublicKey, verify } from "node:crypto";
import { GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { diskOf, findImage, findSnapshot } from "embedded-aws/state";
import { expect, test } from "vitest";
import { drawExports, showExports } from "../../cli/export/show-exports.ts";
import { exportManifest } from "../../core/export/export-manifest.ts";
import { MINUTE } from "../world/time.ts";
import { type ExportsWorld, IMAGE, startExports, untilMoved } from "./exports-world.ts";

const bytesOf = async ({ options, bucket }: ExportsWorld, Key: string): Promise<Buffer> => {
  const { Body } = await new S3Client(options).send(new GetObjectCommand({ Bucket: bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

test("a build that entered a channel is exported once, in each format, with a manifest that any reader can verify", async () => {
  const world = await startExports();
  await world.request(IMAGE);
  await world.pass(10 * MINUTE);
  const before = await world.follow();
  await untilMoved(world);

  await world.followToTheEnd();
  const again = await world.follow();

  const record = await world.record();
  const { PublicKey = new Uint8Array(), SigningAlgorithms } = await new KMSClient(world.options).send(
    new GetPublicKeyCommand({ KeyId: "alias/amint-acme-exports" }),
  );
  const publicKey = createPublicKey({ key: Buffer.from(PublicKey), format: "der", type: "spki" });
  expect([before.steps, again.steps]).toEqual([0, 0]);
  expect(record).toMatchObject({ state: "ready", channel: "candidate", attempt: 1 });
  expect(SigningAlgorithms).toEqual(["ECDSA_SHA_256"]);
  for (const format of ["vmdk", "raw"] as const) {
    const key = record?.files[format]?.kept?.key ?? "";
    const [file, manifest, signature] = await Promise.all(
      [key, `${key}.json`, `${key}.json.sig`].map((one) => bytesOf(world, one)),
    );
    const said = exportManifest.parse(JSON.parse(String(manifest)));
    const head = await new S3Client(world.options).send(new HeadObjectCommand({ Bucket: world.bucket, Key: key }));
    expect(verify("sha256", manifest ?? Buffer.of(), publicKey, signature ?? Buffer.of())).toBe(true);
    expect(verify("sha256", Buffer.from(`${manifest} `), publicKey, signature ?? Buffer.of())).toBe(false);
    // All files are shorter than a part.
    const part = createHash("sha256")
      .update(file ?? "")
      .digest();
    expect(said).toMatchObject({
      image: IMAGE,
      build: record?.build,
      format,
      file: key,
      size: file?.length,
      checksum: { value: createHash("sha256").update(part).digest("base64"), parts: 1 },
      evidence: { key: expect.stringContaining("evidence/"), packagesDigest: expect.stringContaining("sha256:") },
    });
    expect(head.ServerSideEncryption).toBe("aws:kms");
  }
  const ami = findImage(world.booted.aws, "eu-west-1", record?.amiId ?? "");
  const snapshot = findSnapshot(world.booted.aws, "eu-west-1", ami?.devices[0]?.snapshotId ?? "");
  const raw = await bytesOf(world, record?.files.raw?.kept?.key ?? "");
  expect(snapshot && raw.equals(diskOf(world.booted.aws, snapshot))).toBe(true);
  expect(snapshot?.encrypted).toBe(true);
  expect(await world.plain()).toEqual([]);
  await expectLinks(world);
  const said = world.said("export.ready");
  expect(said).toHaveLength(1);
  expect(said[0]).toMatchObject({ image: IMAGE, channel: "candidate", files: [{ format: "vmdk" }, { format: "raw" }] });
});

/** What `amint export --link --verify` shows, before and after a manifest was changed. */
async function expectLinks(world: ExportsWorld): Promise<void> {
  const { options, bucket, step } = world;
  const place = {
    s3: new S3Client(options),
    kms: new KMSClient(options),
    bucket,
    signingKey: "alias/amint-acme-exports",
  };
  const wanted = { image: IMAGE, channel: "candidate", linkSeconds: 3600, verify: true };

  const shown = await showExports(step().ledger, place, wanted);
  const of = { ...wanted, channel: "stable" };
  const [vmdk] = shown[0]?.files ?? [];
  const linked = Buffer.from(await (await fetch(vmdk?.links?.file ?? "")).arrayBuffer());
  await place.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${vmdk?.key}.json`, Body: "{}" }));
  const changed = await showExports(step().ledger, place, wanted);

  expect(linked.equals(await bytesOf(world, vmdk?.key ?? ""))).toBe(true);
  expect(vmdk?.links?.file).toContain("X-Amz-Expires=3600");
  const text = drawExports(shown, wanted);
  expect(text).toMatch(/^ubuntu-2404-base 1\.\d+\.\d+\/1 {2}candidate {2}ready\n {2}vmdk .* verified\n/);
  expect(text.match(/http:/g)).toHaveLength(6);
  expect(drawExports(await showExports(step().ledger, place, of), of)).toBe(
    "No export of ubuntu-2404-base stable exists: one starts when a build enters a channel with exports.",
  );
  expect(changed[0]?.files.map(({ verified }) => verified)).toEqual([
    "the signature does not match the manifest and this key",
    "good",
  ]);
}
