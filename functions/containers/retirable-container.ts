import { findImage, removeFrom } from "../../adapters/containers/repository-images.ts";
import type { Deregistered, RetirableAmi } from "../../adapters/retirement/retire-image.ts";
import type { ContainerImageId } from "../../events/ids.ts";
import { type ContainerStep, placesOf } from "./container.ts";

const GIB = 2 ** 30;

/** Of a container image ECR knows neither dates of deprecation nor protections: these are the ledger's alone. */
export function toRetirableContainer(
  id: ContainerImageId,
  step: Pick<ContainerStep, "client" | "settings">,
): Retirable {
  const { ecr, image, builds, all } = placesOf(id, step);
  const imageId = { imageDigest: image.digest };
  const nothing = async () => {};
  return {
    look: () => lookAtContainer(id, step),
    deprecateFrom: nothing,
    forgetDeprecation: nothing,
    unprotect: nothing,
    async deregister() {
      // The channels' first: whoever looks in between finds it where it came from.
      for (const repository of [...all, builds]) await removeFrom(ecr, repository, imageId);
      return { kind: "gone", snapshots: [] };
    },
    // ECR has no Recycle Bin: what is removed there is removed for good.
    isInBin: async () => false,
    restoreFromBin: async () => {
      throw new Error(`${id} was deleted from ECR, which keeps nothing of it.`);
    },
  };
}

/**
 * A container image as retirement looks at it: `disabled` is what lies in no channel's repository any more, so that
 * nobody but the factory can pull it. Its size is that of all its copies in the region.
 */
export async function lookAtContainer(
  id: ContainerImageId,
  step: Pick<ContainerStep, "client" | "settings">,
): Promise<RetirableAmi | undefined> {
  const { ecr, image, builds, all } = placesOf(id, step);
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

/** What retirement does, beside `Artifact`, to what a build yields in a region. Everything can be done twice. */
export interface Retirable {
  /** Undefined where it is gone. */
  readonly look: () => Promise<RetirableAmi | undefined>;
  /** From then on others do not find it in lists. It must be in the future. */
  readonly deprecateFrom: (at: Date) => Promise<void>;
  readonly forgetDeprecation: () => Promise<void>;
  /** Takes away a protection from being removed for good. */
  readonly unprotect: () => Promise<void>;
  /** Removes it for good, as far as its protection lets. */
  readonly deregister: () => Promise<Deregistered>;
  /** Whether it can still be had back once it is gone. */
  readonly isInBin: () => Promise<boolean>;
  /** Takes it back, disabled as it was. @param snapshots what it consisted of */
  readonly restoreFromBin: (snapshots: readonly string[]) => Promise<void>;
}
