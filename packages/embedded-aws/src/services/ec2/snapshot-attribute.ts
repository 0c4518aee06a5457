import type * as Sdk from "@aws-sdk/client-ec2";
import type { CreateVolumePermission } from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { findKey } from "../kms/find-key.ts";
import { authorizeResource } from "./authorization.ts";
import { requireOwnSnapshot } from "./find-snapshot.ts";
import { invalidParameter } from "./refusals.ts";
import type { Snapshot } from "./state.ts";

/** Accounts added or removed in one request (EC2 API reference, ModifySnapshotAttribute). */
const MAX_CHANGES = 500;

const namesOf = (permissions: readonly CreateVolumePermission[] | undefined): string[] =>
  (permissions ?? []).flatMap((one) => one.UserId ?? one.Group ?? []);

function requireOneDirection(add: readonly string[], remove: readonly string[]): void {
  const combination = (message: string) => new AwsError("InvalidParameterCombination", message, { status: 400 });
  if (add.length > 0 && remove.length > 0) {
    throw combination("Both add and remove cannot be specified in one request.");
  }
  if (add.length + remove.length === 0) throw combination("No attributes specified.");
  if (add.length + remove.length > MAX_CHANGES) {
    throw combination(`At most ${MAX_CHANGES} permissions can be changed in one request.`);
  }
}

function requireShareable(snapshot: Snapshot, add: readonly string[], { aws }: Call): void {
  const refused = (message: string) => new AwsError("OperationNotPermitted", message, { status: 400 });
  const place = { account: snapshot.owner, region: snapshot.region };
  if (snapshot.kmsKeyArn && findKey(aws, place, snapshot.kmsKeyArn)?.manager === "AWS") {
    throw refused("Encrypted snapshots with EBS default key cannot be shared");
  }
  if (snapshot.encrypted && add.includes("all")) throw refused("Encrypted snapshots cannot be shared publicly");
}

export const operations = {
  ModifySnapshotAttribute: {
    authorize: (input, call) => [
      authorizeResource(call, "snapshot", input.SnapshotId, { "ec2:Attribute": "CreateVolumePermission" }),
    ],
    run(input, call) {
      const snapshot = requireOwnSnapshot(call, input.SnapshotId);
      const listed = [...(input.UserIds ?? []), ...(input.GroupNames ?? [])];
      const add = [...namesOf(input.CreateVolumePermission?.Add), ...(input.OperationType === "add" ? listed : [])];
      const remove = [
        ...namesOf(input.CreateVolumePermission?.Remove),
        ...(input.OperationType === "remove" ? listed : []),
      ];
      requireOneDirection(add, remove);
      for (const name of [...add, ...remove]) {
        if (!/^(\d{12}|all)$/.test(name)) throw invalidParameter(`Invalid value '${name}' for createVolumePermission`);
      }
      if (add.length > 0) requireShareable(snapshot, add, call);
      for (const name of remove) snapshot.sharedWith.delete(name);
      for (const name of add) snapshot.sharedWith.add(name);
      return {};
    },
  },
  DescribeSnapshotAttribute: {
    authorize: (input, call) => [authorizeResource(call, "snapshot", input.SnapshotId)],
    run(input, call) {
      const snapshot = requireOwnSnapshot(call, input.SnapshotId);
      if (input.Attribute === "productCodes") return { SnapshotId: snapshot.id, ProductCodes: [] };
      return {
        SnapshotId: snapshot.id,
        CreateVolumePermissions: [...snapshot.sharedWith].map((name) =>
          name === "all" ? { Group: "all" as const } : { UserId: name },
        ),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
