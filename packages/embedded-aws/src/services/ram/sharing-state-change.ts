import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { idFrom } from "../events/event.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { accountsWithBuses } from "../events/state.ts";
import { isAwaited } from "../events/watch.ts";
import { means } from "./principals.ts";
import type { Association, Share } from "./state.ts";

const EVENT = { source: "aws.ram", "detail-type": "Resource Sharing State Change" };

/**
 * Notifies the share's owner and the principals. The user guide ("Monitoring AWS RAM using EventBridge") says to whom it
 * goes, and names `detail.event` and the status `failed`; the other statuses and `resources` are inferred. Nothing fails
 * here.
 */
export function publishSharingState(
  aws: EmbeddedAws,
  share: Share,
  changed: Association,
  status: "associated" | "disassociated",
): void {
  const { region, owner, arn } = share;
  const principals =
    changed.kind === "PRINCIPAL"
      ? [changed]
      : [...share.associations.values()].filter(({ kind }) => kind === "PRINCIPAL");
  for (const account of new Set([owner, ...accountsWithBuses(aws, region)])) {
    if (account !== owner && !principals.some((one) => means(one, aws, account))) continue;
    const event = { ...EVENT, account, region, detail: { event: "Resource Share Association", status } };
    if (!isAwaited(aws, event)) continue;
    const id = idFrom([account, arn, changed.kind, changed.entity, changed.updated, status].join(" "));
    publishServiceEvent(aws, { ...event, resources: [arn], id });
  }
}
