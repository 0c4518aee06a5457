/** An instance that Image Builder started for the factory. */
export interface FoundInstance {
  readonly instanceId: string;
  readonly launchedAt: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What Image Builder says of the image that an instance was started for. */
export type ImageEnd = "ended" | "under way" | "gone";

/** Image Builder's tags on its instances (API reference, CreateInfrastructureConfiguration: reserved in `resourceTags`). */
export const BUILDER_TAG = { key: "CreatedBy", value: "EC2 Image Builder" } as const;
export const BUILDER_IMAGE_TAG = "Ec2ImageBuilderArn";

/** Instances that ran longer than any build takes; whether their builds ended is still to be asked. */
export const oldInstances = (
  instances: readonly FoundInstance[],
  { factory, now, keepSeconds }: { readonly factory: string; readonly now: Date; readonly keepSeconds: number },
): FoundInstance[] =>
  instances.filter(
    ({ tags, launchedAt }) =>
      tags["amint:factory"] === factory &&
      tags[BUILDER_TAG.key] === BUILDER_TAG.value &&
      tags[BUILDER_IMAGE_TAG] !== undefined &&
      Date.parse(launchedAt) + keepSeconds * 1000 <= now.getTime(),
  );

/** Why nobody needs an instance; undefined where its build is under way, or where nobody knows. */
export function whyInstanceLeft(end: ImageEnd | undefined): string | undefined {
  switch (end) {
    case "ended":
      return "Image Builder did not terminate it when its build ended";
    case "gone":
      return "Image Builder does not have the image that it was started for";
    case "under way":
    case undefined:
      return undefined;
  }
}
