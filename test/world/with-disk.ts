import { type NewBlockDevice, type NewImage, registerImage } from "embedded-aws/seeds";
import { FACTORY } from "./organization.ts";
import type { World } from "./world.ts";

/** For `addBuild`: an AMI in a region, with a snapshot. */
export const withDisk =
  ({ aws }: Pick<World, "aws">, name: string, device: Partial<NewBlockDevice> = {}, more: Partial<NewImage> = {}) =>
  (region: string): string =>
    registerImage(aws, FACTORY, region, {
      name,
      architecture: "x86_64",
      rootDeviceName: "/dev/xvda",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8, ...device }],
      snapshotTags: { CreatedBy: "EC2 Image Builder" },
      ...more,
    });
