import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { canUse, findSnapshot } from "../ec2/find-snapshot.ts";
import type { Snapshot } from "../ec2/state.ts";

/** Refusals of the EBS direct APIs carry a reason (EBS direct APIs reference, ValidationException). */
export const invalid = (reason: string, message: string): AwsError =>
  new AwsError("ValidationException", message, { members: { Reason: reason } });

/** A snapshot that the caller may read. @throws ResourceNotFoundException */
export function requireSnapshot({ aws, account, region }: Call, id: string | undefined): Snapshot {
  const snapshot = findSnapshot(aws, region, id ?? "");
  if (snapshot && canUse(snapshot, account)) return snapshot;
  throw new AwsError("ResourceNotFoundException", `The snapshot '${id}' does not exist.`, {
    members: { Reason: "SNAPSHOT_NOT_FOUND" },
  });
}
