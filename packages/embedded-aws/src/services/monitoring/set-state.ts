import type { StateValue } from "@aws-sdk/client-cloudwatch";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { notify } from "./notify.ts";
import { type Alarm, recordHistory } from "./state.ts";

type Observer = (alarm: Alarm) => void;
const observers = defineState("cloudwatch.alarm-observers", () => new Set<Observer>());

/** Calls the observer after every state change of an account's alarms in a region. */
export const observeAlarms = (aws: EmbeddedAws, account: string, region: string, observer: Observer): void => {
  aws.state(observers, account, region).add(observer);
};

interface NewState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON, for the history. */
  readonly reasonData?: string | undefined;
}

/** Sets an alarm's state, with history, event and actions. Does nothing if it already has the state. */
export async function setState(aws: EmbeddedAws, alarm: Alarm, next: NewState): Promise<void> {
  if (next.value === alarm.state) return;
  const previous = { value: alarm.state, reason: alarm.stateReason, since: alarm.stateChangedAt };
  alarm.state = next.value;
  alarm.stateChangedAt = aws.clock.now();
  alarm.stateReason = next.reason;
  recordHistory(aws, alarm, {
    type: "StateUpdate",
    summary: `Alarm updated from ${previous.value} to ${next.value}`,
    data: JSON.stringify({
      version: "1.0",
      oldState: { stateValue: previous.value, stateReason: previous.reason },
      newState: {
        stateValue: next.value,
        stateReason: next.reason,
        ...(next.reasonData && { stateReasonData: JSON.parse(next.reasonData) as unknown }),
      },
    }),
  });
  alarm.announce(alarm, previous);
  for (const observe of aws.state(observers, alarm.account, alarm.region)) observe(alarm);
  await notify(aws, alarm, previous.value);
}
