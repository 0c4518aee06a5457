import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { getSnapshotBlock, listSnapshotBlocks } from "./read-snapshot.ts";
import { completeSnapshot, putSnapshotBlock, startSnapshot } from "./write-snapshot.ts";

/** The EBS direct APIs: snapshots read and written block by block. */
export const service: Service = {
  name: "ebs",
  client: () => import("@aws-sdk/client-ebs"),
  operations: bindTokens(
    {
      CompleteSnapshot: completeSnapshot,
      GetSnapshotBlock: getSnapshotBlock,
      ListSnapshotBlocks: listSnapshotBlocks,
      PutSnapshotBlock: putSnapshotBlock,
      StartSnapshot: startSnapshot,
    },
    { asked: "NextToken", given: "NextToken", refusal: "ValidationException" },
  ),
};
