import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { ACCOUNT, type aBuilder, REGION } from "../imagebuilder/builder.ts";

type Call = Awaited<ReturnType<typeof aBuilder>>["call"];

const seven = [1, 2, 3, 4, 5, 6, 7];

/** A Recycle Bin with images and snapshots, and rules of each kind. */
export async function filledBin(aws: EmbeddedAws, call: Call, pass: (minutes: number) => Promise<void>): Promise<void> {
  const RetentionPeriod = { RetentionPeriodValue: 365, RetentionPeriodUnit: "DAYS" };
  for (const ResourceType of ["EC2_IMAGE", "EBS_SNAPSHOT"]) {
    for (let n = 0; n < 3; n++) await call("rbin", "CreateRule", { ResourceType, RetentionPeriod });
  }
  await pass(30);
  for (const n of seven) {
    const ImageId = registerImage(aws, ACCOUNT, REGION, {
      name: `retired-${n}`,
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
    });
    await call("ec2", "DeregisterImage", { ImageId, DeleteAssociatedSnapshots: true });
  }
}
