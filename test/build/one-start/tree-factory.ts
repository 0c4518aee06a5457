import type { Factory } from "../../../core/factory/factory-schema.ts";
import { factoryOf, HOME, imageOf } from "../../world/factory-of.ts";

export const images = ["root", "left", "right", "bottom"] as const;
export type ImageName = (typeof images)[number];

/** Each image's parent; `bottom` has two parents with the same parent. */
const parents: Readonly<Record<ImageName, ImageName | undefined>> = {
  root: undefined,
  left: "root",
  right: "root",
  bottom: "left",
};

const imageBelow = (parent: ImageName | undefined, volumeGiB: number) =>
  imageOf({
    os: "ubuntu-2404",
    parent: parent
      ? { image: parent, channel: "stable" }
      : { ssm: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id" },
    triggers: { parent: parent !== undefined, minimumInterval: "2h", breaker: { failures: 2 } },
    volumeGiB,
    gate: { cve: { count: "all" } },
  });

interface TreeSettings {
  /** When no build starts automatically, in milliseconds since the epoch. */
  readonly blackout?: { readonly from: number; readonly to: number } | undefined;
  readonly volumeGiB?: number;
}

/** A factory of four images. */
export const treeFactory = ({ blackout, volumeGiB = 8 }: TreeSettings = {}): Factory =>
  factoryOf({
    name: "tree",
    regions: [HOME],
    blackouts: blackout ? [{ from: wall(blackout.from), to: wall(blackout.to), reason: "stocktaking" }] : [],
    images: Object.fromEntries(images.map((image) => [image, imageBelow(parents[image], volumeGiB)])),
  });

export const childrenOf = (parent: string): ImageName[] => images.filter((image) => parents[image] === parent);

const wall = (time: number): string => new Date(time).toISOString().slice(0, 16);
