import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { appendEvent } from "./keep-events.ts";
import { makeStream } from "./log-group.ts";
import { type LogGroup, logsIn } from "./state.ts";

/** A group by an ARN with or without a final `:*`. */
export function groupWithArn(aws: EmbeddedAws, arn: string): LogGroup | undefined {
  const [, , , region = "", account = "", , name = ""] = arn.split(":");
  return logsIn(aws, account, region).groups.get(name);
}

/** A service's vended logs, configured before: written to an existing group, otherwise dropped. */
export function deliverLog(aws: EmbeddedAws, groupArn: string, streamName: string, message: string): void {
  const group = groupWithArn(aws, groupArn);
  if (!group) return;
  appendEvent(aws, group, group.streams.get(streamName) ?? makeStream(aws, group, streamName), message);
}
