import { amiStateChange } from "../../events/aws/ami-state-change.ts";
import { imageCall } from "../../events/aws/image-call.ts";
import { keyCall } from "../../events/aws/key-call.ts";
import { parameterStoreChange } from "../../events/aws/parameter-store-change.ts";
import { repositoryCall } from "../../events/aws/repository-call.ts";
import { resourceSharingStateChange } from "../../events/aws/resource-sharing-state-change.ts";
import type { Factory } from "../factory/factory-schema.ts";
import { channelParameterRoot, type Place, parentParameterRoot } from "../names.ts";

/** Changes of AMIs' permissions and watermarks: EC2 sends no event of its own for them. */
const imageCalls = ["ModifyImageAttribute", "ResetImageAttribute", "DetachImageWatermark"];
/** Not CreateGrant: every launch in a consumer's account makes a grant on the key. */
const keyCalls = ["PutKeyPolicy", "DisableKey", "ScheduleKeyDeletion", "RevokeGrant", "RetireGrant"];
const repositoryCalls = ["SetRepositoryPolicy", "DeleteRepositoryPolicy"];

/** What was refused changed nothing. */
const carriedOut = { errorCode: [{ exists: false }] };

/** Below these lie a channel's parameter and the one that its children's recipes start from, each as `<image>/<channel>`. */
export const parameterRoots = (factory: string): string[] => [
  channelParameterRoot(factory),
  parentParameterRoot(factory),
];

/**
 * The events that report a change of what the factory publishes, as a pattern for a region's default bus: AWS's own ones,
 * and calls that a trail logs where the config names one.
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
    { ...imageCall.pattern, detail: { eventName: imageCalls, ...carriedOut } },
    // Services retire the grants that they made, with each volume that goes.
    {
      ...keyCall.pattern,
      detail: { eventName: keyCalls, ...carriedOut, userIdentity: { type: [{ "anything-but": "AWSService" }] } },
    },
    ...(hasContainers
      ? [
          {
            ...repositoryCall.pattern,
            detail: { eventName: repositoryCalls, ...carriedOut },
          },
        ]
      : []),
  ];
  return { account: [account], $or: [...native, ...(cloudTrail === "none" ? [] : logged)] };
}

/** The sources of these events: nothing else of theirs comes to the factory's bus. */
export const driftSources: string[] = [
  ...new Set(
    [parameterStoreChange, amiStateChange, resourceSharingStateChange, imageCall, keyCall, repositoryCall].flatMap(
      ({ pattern }) => pattern.source,
    ),
  ),
];
