import { defineFactory } from "../../../core/factory/define-factory.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";

export const images = ["root", "left", "right", "bottom"] as const;
export type ImageName = (typeof images)[number];

/** Each image's parent; `bottom` stands below two that have the same one. */
const parents: Readonly<Record<ImageName, ImageName | undefined>> = {
  root: undefined,
  left: "root",
  right: "root",
  bottom: "left",
};

const imageBelow = (parent: ImageName | undefined, volumeGiB: number) => ({
  os: "ubuntu-2404" as const,
  architecture: "x86_64" as const,
  parent: parent
    ? { image: parent, channel: "stable" }
    : { ssm: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id" },
  components: ["aws:update-linux"],
  tests: ["aws:simple-boot-test-linux"],
  triggers: { parent: parent !== undefined, minimumInterval: "2h", breaker: { failures: 2 } },
  volumeGiB,
  gate: { cve: { count: "all" as const } },
  channels: [{ name: "stable", share: { organization: true as const } }],
});

interface TreeSettings {
  /** When nothing starts by itself, in milliseconds since the epoch. */
  readonly blackout?: { readonly from: number; readonly to: number } | undefined;
  readonly volumeGiB?: number;
}

/** A factory of four images. */
export const treeFactory = ({ blackout, volumeGiB = 8 }: TreeSettings = {}): Factory =>
  defineFactory({
    name: "tree",
    buildRegion: "eu-west-1",
    regions: ["eu-west-1"],
    organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
    blackouts: blackout ? [{ from: wall(blackout.from), to: wall(blackout.to), reason: "stocktaking" }] : [],
    images: Object.fromEntries(images.map((image) => [image, imageBelow(parents[image], volumeGiB)])),
  });

export const childrenOf = (parent: string): ImageName[] => images.filter((image) => parents[image] === parent);

const wall = (time: number): string => new Date(time).toISOString().slice(0, 16);
