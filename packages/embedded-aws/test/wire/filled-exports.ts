import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { BLOCK_BYTES, ebsState } from "../../src/services/ebs/blocks.ts";
import { addSnapshot } from "../../src/services/ec2/add-snapshot.ts";
import { exportsState } from "../../src/services/ec2/export-image/export-tasks.ts";
import { ACCOUNT, REGION } from "../imagebuilder/builder.ts";

/** Finished export tasks, and a snapshot with more blocks than fit in the smallest page. */
export function filledExports(aws: EmbeddedAws): { readonly writtenSnapshot: string } {
  for (const n of [1, 2, 3]) {
    const id = `export-ami-0000000000000000${n}`;
    aws.state(exportsState, ACCOUNT, REGION).tasks.set(id, {
      id,
      imageId: "ami-00000000000000001",
      format: "raw",
      bucket: "exports",
      prefix: "staging/",
      roleName: "vmimport",
      description: undefined,
      startedAt: aws.clock.now(),
      status: "completed",
      message: undefined,
    });
  }
  const snapshot = { sizeGiB: 8, kmsKeyArn: undefined, description: "written" };
  const writtenSnapshot = addSnapshot(aws, { account: ACCOUNT, region: REGION }, snapshot);
  const block = new Uint8Array(BLOCK_BYTES);
  const blocks = new Map(Array.from({ length: 250 }, (_, index) => [index, block]));
  aws.state(ebsState, ACCOUNT, REGION).written.set(writtenSnapshot, { blocks, sealed: true });
  return { writtenSnapshot };
}
