import { amiStateChange } from "../../events/aws/ami-state-change.ts";
import { imageCall } from "../../events/aws/image-call.ts";
import { keyCall } from "../../events/aws/key-call.ts";
import { parameterStoreChange } from "../../events/aws/parameter-store-change.ts";
import { repositoryCall } from "../../events/aws/repository-call.ts";
import { resourceSharingStateChange } from "../../events/aws/resource-sharing-state-change.ts";
import type { Factory } from "../factory/factory-schema.ts";
import { channelParameterRoot, type Place, parentParameterRoot } from "../names.ts";

/** Calls that change AMIs' permissions and watermarks: EC2 does not send events for them. */
const imageCalls = ["ModifyImageAttribute", "ResetImageAttribute", "DetachImageWatermark"];
/** Without CreateGrant: every launch in a consumer account creates a grant on the key. */
const keyCalls = ["PutKeyPolicy", "DisableKey", "ScheduleKeyDeletion", "RevokeGrant", "RetireGrant"];
const repositoryCalls = ["SetRepositoryPolicy", "DeleteRepositoryPolicy"];

/** Only successful calls. */
const succeeded = { errorCode: [{ exists: false }] };

/** The paths of channels' parameters and of the parameters that children's recipes use, each as `<image>/<channel>`. */
export const parameterRoots = (factory: string): string[] => [
  channelParameterRoot(factory),
  parentParameterRoot(factory),
];

/**
 * A pattern for a region's default bus that matches changes to what the factory publishes: AWS's events, and calls from
 * CloudTrail if the config names a trail.
 */
export function driftEvents(
  { name, cloudTrail, images }: Pick<Factory, "name" | "cloudTrail" | "images">,
  { account }: Pick<Place, "account">,
): object {
  const native = [
    { ...parameterStoreChange.pattern, detail: { name: parameterRoots(name).map((root) => ({ prefix: `${root}/` })) } },
    { ...amiStateChange.pattern, detail: { State: ["deregistered", "disabled"] } },
    resourceSharingStateChange.pattern,
  ];
  const hasContainers = Object.values(images).some(({ kind }) => kind === "container");
  const logged = [
    { ...imageCall.pattern, detail: { eventName: imageCalls, ...succeeded } },
    // AWS services retire their own grants, for each deleted volume.
    {
      ...keyCall.pattern,
      detail: { eventName: keyCalls, ...succeeded, userIdentity: { type: [{ "anything-but": "AWSService" }] } },
    },
    ...(hasContainers ? [{ ...repositoryCall.pattern, detail: { eventName: repositoryCalls, ...succeeded } }] : []),
  ];
  return { account: [account], $or: [...native, ...(cloudTrail === "none" ? [] : logged)] };
}

/** The sources of these events. */
export const driftSources: string[] = [
  ...new Set(
    [parameterStoreChange, amiStateChange, resourceSharingStateChange, imageCall, keyCall, repositoryCall].flatMap(
      ({ pattern }) => pattern.source,
    ),
  ),
];
