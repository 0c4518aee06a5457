import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { imageOf } from "../world/factory-of.ts";
import { configWith, faultsIn } from "./faults.ts";

type ImageInput = FactoryInput["images"][string];

const image = (exports: object, changes: Partial<ImageInput> = {}): ImageInput =>
  imageOf({
    components: ["aws:aws-cli-version-2-linux"],
    tests: ["images/components/smoke.yaml"],
    channels: [
      { name: "candidate", share: { organization: true } },
      { name: "stable", share: { organization: true }, exports: exports as { formats: ["vmdk"] } },
    ],
    ...changes,
  });

const faultsOf = (images: FactoryInput["images"]) => faultsIn(() => defineFactory(configWith({ images })));

const at = "images.base.channels[1].exports";

test("EC2's export formats are accepted for disks of up to 1 TiB", () => {
  expect(faultsOf({ base: image({ formats: ["vmdk", "vhd", "raw"] }, { volumeGiB: 1024 }) })).toEqual([]);
});

test.each([
  [{ formats: ["ova"] }, `${at}.formats[0]: expected one of "vmdk", "vhd", "raw", found "ova"`],
  [{ formats: [] }, `${at}.formats: expected at least 1 item, found []`],
  [{ formats: ["raw", "raw"] }, `${at}.formats[1]: expected each format once, found "raw" again`],
  [{ formats: ["raw"], bucket: "ours" }, `${at}.bucket: unknown key; remove it`],
  [{}, `${at}.formats: expected a list of "vmdk" | "vhd" | "raw", at least 1 item, found nothing`],
])("%o is refused", (exports, fault) => {
  expect(faultsOf({ base: image(exports) })).toEqual([fault]);
});

test("disks that EC2 does not export, and Marketplace products, are refused with their path", () => {
  const ssm = "/aws/service/marketplace/prod-1234567890abc/latest";
  const parent = image({ formats: ["vmdk"] }, { parent: { ssm } });
  const child = image({ formats: ["vmdk"] }, { parent: { image: "base", channel: "stable" } });

  expect(faultsOf({ base: image({ formats: ["vmdk"] }, { volumeGiB: 1025 }) })).toEqual([
    `${at}: EC2 exports no volume above 1024 GiB; expected images.base.volumeGiB of at most 1024, or no exports, found 1025`,
  ]);
  expect(faultsOf({ base: parent, child })).toEqual(
    ["base", "child"].map(
      (name) =>
        `images.${name}.channels[1].exports: EC2 does not export AWS Marketplace AMIs; expected another parent, or no exports, found "${ssm}"`,
    ),
  );
});

test("a container image has no exports", () => {
  const changes = { kind: "container", parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" } } as const;

  expect(faultsOf({ base: image({ formats: ["vmdk"] }, changes) })).toEqual([
    `${at}: EC2 exports AMIs, not container images; remove it, or set kind to "ami"`,
  ]);
});
