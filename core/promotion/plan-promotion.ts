import type { Trigger } from "../../events/build.ts";
import { hasKnownRequesters } from "../approval/find-person.ts";
import { quorumOf, regionsOfChannel, regionsOfImage } from "../channel/regions.ts";
import type { Approval, Channel } from "../factory/channel-schema.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";

/** Who must agree before a build enters a channel, and for how long they are asked. */
interface PlannedApproval {
  readonly approvers: readonly string[];
  readonly required: number;
  readonly timeoutSeconds: number;
  readonly remindAfterSeconds?: number;
}

/** Where a build that passed goes: copies first, then channel by channel. The state machine walks it. */
export interface PromotionPlan {
  readonly distribute: readonly { readonly region: string }[];
  readonly channels: readonly {
    readonly name: string;
    readonly regions: readonly string[];
    /** How many of them must have the build before the channel moves. */
    readonly quorum: number;
    /** Left out where nobody is asked. */
    readonly approval?: PlannedApproval;
    /** Seconds between this channel's move and the next channel; zero after the last. */
    readonly soakSeconds: number;
  }[];
}

type Asking = Pick<Factory, "buildRegion" | "regions" | "people">;

/** What is known of the build that is promoted. */
interface Promoted {
  /** Why it was made. */
  readonly triggers?: readonly Trigger[];
  /** The gate leaves it to approvers: they are asked before the first channel, whatever the config says. */
  readonly needsApproval?: boolean;
}

export const planPromotion = (
  factory: Asking,
  image: Image,
  { triggers = [], needsApproval = false }: Promoted = {},
): PromotionPlan => ({
  distribute: findCopied(factory, image).map((region) => ({ region })),
  channels: image.channels.map((channel, index) => {
    const regions = regionsOfChannel(factory, image, channel);
    const approval = channel.approval ?? (needsApproval && index === 0 ? whoeverAnswers(factory, image) : undefined);
    return {
      name: channel.name,
      regions,
      quorum: quorumOf(regions, channel),
      ...(approval && { approval: toPlan(approval, hasKnownRequesters(factory.people, triggers)) }),
      soakSeconds: index < image.channels.length - 1 ? channel.soak : 0,
    };
  }),
});

/**
 * Where an AMI is copied to: wherever one of its channels is published, but for the region that it was built in. Container
 * images are in all regions before the gate, in repositories of the factory's account alone.
 */
export const findCopied = (factory: Pick<Factory, "buildRegion" | "regions">, image: Image): string[] =>
  image.kind === "container"
    ? []
    : regionsOfImage(factory, image).filter(
        (region) =>
          region !== factory.buildRegion &&
          image.channels.some((channel) => regionsOfChannel(factory, image, channel).includes(region)),
      );

/** Four eyes: a requester who is known has agreed by asking; otherwise two others must, unless the config says a number. */
const toPlan = (
  { approvers, required, timeout, remindAfter }: Approval,
  hasKnownRequester: boolean,
): PlannedApproval => ({
  approvers,
  required: required ?? (hasKnownRequester ? 1 : Math.min(2, approvers.length)),
  timeoutSeconds: timeout,
  ...(remindAfter !== undefined && { remindAfterSeconds: remindAfter }),
});

/** Those who approve the image's channels later on; where none of them asks anybody, all people there are. */
function whoeverAnswers({ people }: Pick<Factory, "people">, { channels }: { channels: readonly Channel[] }): Approval {
  const later = channels.flatMap(({ approval }) => approval ?? [])[0];
  return later ?? { approvers: Object.keys(people), timeout: 3 * 86_400 };
}
