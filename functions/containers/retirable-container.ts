import { findImage, removeFrom } from "../../adapters/containers/repository-images.ts";
import type { Deregistered, RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import type { ContainerImageId } from "../../events/ids.ts";
import { type ContainerInvocation, placesOf } from "./container.ts";

const GIB = 2 ** 30;

/** ECR has no deprecation dates or deregistration protection: the ledger alone records them. */
export function toRetirableContainer(
  id: ContainerImageId,
  invocation: Pick<ContainerInvocation, "client" | "settings">,
): Retirable {
  const { ecr, image, builds, all } = placesOf(id, invocation);
  const imageId = { imageDigest: image.digest };
  const nothing = async () => {};
  return {
    describe: () => readContainer(id, invocation),
    deprecateFrom: nothing,
    forgetDeprecation: nothing,
    unprotect: nothing,
    async deregister() {
      // Channels' repositories first, so that the builds' repository has it until the end.
      for (const repository of [...all, builds]) await removeFrom(ecr, repository, imageId);
      return { kind: "gone", snapshots: [] };
    },
    // ECR has no Recycle Bin: deletions are final.
    isInBin: async () => false,
    restoreFromBin: async () => {
      throw new Error(`${id} was deleted from ECR and cannot be restored.`);
    },
  };
}

/**
 * A container image for retirement. `disabled` means that it is in no channel's repository, so that only the factory
 * can pull it. Its size includes all its copies in the region.
 */
export async function readContainer(
  id: ContainerImageId,
  invocation: Pick<ContainerInvocation, "client" | "settings">,
): Promise<RetirableAmi | undefined> {
  const { ecr, image, builds, all } = placesOf(id, invocation);
  const found = await Promise.all(
    [builds, ...all].map((repository) => findImage(ecr, repository, { imageDigest: image.digest })),
  );
  const there = found.flatMap((one) => one ?? []);
  if (there.length === 0) return undefined;
  return {
    state: found.slice(1).some((one) => one) ? "available" : "disabled",
    deprecated: true,
    deprecatedFrom: undefined,
    public: false,
    protected: false,
    snapshots: [],
    gib: there.reduce((sum, { bytes }) => sum + bytes, 0) / GIB,
  };
}

/** Retirement operations on an artifact in a region, in addition to `Artifact`. All can be repeated. */
export interface Retirable {
  /** Undefined where it does not exist. */
  readonly describe: () => Promise<RetirableAmi | undefined>;
  /** After this date, lists of other accounts do not include it. Must be in the future. */
  readonly deprecateFrom: (at: Date) => Promise<void>;
  readonly forgetDeprecation: () => Promise<void>;
  /** Removes its deregistration protection. */
  readonly unprotect: () => Promise<void>;
  /** Deletes it, unless it is protected. */
  readonly deregister: () => Promise<Deregistered>;
  /** Whether it can be restored after its deletion. */
  readonly isInBin: () => Promise<boolean>;
  /** Restores it, still disabled. @param snapshots its former snapshots */
  readonly restoreFromBin: (snapshots: readonly string[]) => Promise<void>;
}
