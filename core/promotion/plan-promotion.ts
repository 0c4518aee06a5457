import type { Trigger } from "../../events/build.ts";
import type { Urgency } from "../../events/gate.ts";
import { hasKnownRequesters } from "../approval/find-person.ts";
import { quorumOf, regionsOfChannel, regionsOfImage } from "../channel/regions.ts";
import type { Approval, Channel } from "../factory/channel-schema.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";

/** The approval that a build needs before it enters a channel. */
export interface PlannedApproval {
  readonly approvers: readonly string[];
  readonly required: number;
  readonly timeoutSeconds: number;
  readonly remindAfterSeconds?: number;
}

/** The steps of a promotion, which the state machine executes: copies first, then channel by channel. */
export interface PromotionPlan {
  readonly distribute: readonly { readonly region: string }[];
  readonly channels: readonly {
    readonly name: string;
    readonly regions: readonly string[];
    /** How many of the regions must have the build before the channel moves. */
    readonly quorum: number;
    /** Absent if no approval is needed. */
    readonly approval?: PlannedApproval;
    /** Seconds between this channel's move and the next channel; zero after the last. */
    readonly soakSeconds: number;
  }[];
}

type Asking = Pick<Factory, "buildRegion" | "regions" | "people">;

/** The facts about the build that is promoted. */
interface Promoted {
  /** Why it was started. */
  readonly triggers?: readonly Trigger[];
  /** The gate requires approval: it is requested before the first channel, even if the config does not. */
  readonly needsApproval?: boolean;
  /** Why it takes the urgent times of its channels; undefined if it does not. */
  readonly urgent?: Urgency | undefined;
  /** How long channels have pointed at it already, in seconds: an earlier attempt moved them. */
  readonly soaked?: ReadonlyMap<string, number> | undefined;
}

export const planPromotion = (
  factory: Asking,
  image: Image,
  { triggers = [], needsApproval = false, urgent, soaked }: Promoted = {},
): PromotionPlan => ({
  distribute: findCopied(factory, image).map((region) => ({ region })),
  channels: image.channels.map((channel, index) => {
    const regions = regionsOfChannel(factory, image, channel);
    const isHeld = needsApproval && index === 0;
    const approval = isHeld ? (channel.approval ?? defaultApproval(factory, image)) : approvalFor(channel, urgent);
    return {
      name: channel.name,
      regions,
      quorum: quorumOf(regions, channel),
      ...(approval && { approval: toPlan(approval, hasKnownRequesters(factory.people, triggers)) }),
      soakSeconds:
        index < image.channels.length - 1
          ? Math.max(0, channel.soak[urgent ? "urgent" : "usual"] - (soaked?.get(channel.name) ?? 0))
          : 0,
    };
  }),
});

/**
 * The regions to which an AMI is copied: all regions of its channels except the build region. Container images are in all
 * regions before the gate, in repositories that are not shared.
 */
export const findCopied = (factory: Pick<Factory, "buildRegion" | "regions">, image: Image): string[] =>
  image.kind === "container"
    ? []
    : regionsOfImage(factory, image).filter(
        (region) =>
          region !== factory.buildRegion &&
          image.channels.some((channel) => regionsOfChannel(factory, image, channel).includes(region)),
      );

/**
 * The approval that a channel's config requires of a build. A request for an urgent build replaces no approval of another
 * person: it takes one approver at least.
 */
export function approvalFor({ approval }: Channel, urgent: Urgency | undefined): Approval | undefined {
  if (!approval || !urgent || approval.urgent === "as usual") return approval;
  return approval.urgent === "none" && !("by" in urgent) ? undefined : { ...approval, required: 1 };
}

/** Two persons: a known requester counts as one of them; otherwise two approvers are required, unless the config sets a number. */
const toPlan = (
  { approvers, required, timeout, remindAfter }: Approval,
  hasKnownRequester: boolean,
): PlannedApproval => ({
  approvers,
  required: required ?? (hasKnownRequester ? 1 : Math.min(2, approvers.length)),
  timeoutSeconds: timeout,
  ...(remindAfter !== undefined && { remindAfterSeconds: remindAfter }),
});

/** The approval of the image's first channel that has one; else everyone in the config's `people` can approve. */
function defaultApproval(
  { people }: Pick<Factory, "people">,
  { channels }: { channels: readonly Channel[] },
): Approval {
  const later = channels.flatMap(({ approval }) => approval ?? [])[0];
  return later ?? { approvers: Object.keys(people), timeout: 3 * 86_400, urgent: "as usual" };
}
