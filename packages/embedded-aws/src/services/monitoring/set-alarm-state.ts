import type * as Sdk from "@aws-sdk/client-cloudwatch";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { isJson } from "../is-json.ts";
import { scheduleEvaluation } from "./evaluate-alarm.ts";
import { setState } from "./set-state.ts";
import { alarmArn, metricsOf } from "./state.ts";

export const operations = {
  /** Lasts until the alarm's next evaluation, which sets the metric's state again. */
  SetAlarmState: {
    authorize: ({ AlarmName = "" }, { aws, account, region }) => [
      { resources: [alarmArn(aws, account, region, AlarmName)] },
    ],
    async run({ AlarmName = "", StateValue: value, StateReason: reason = "", StateReasonData }, call) {
      const { aws, account, region } = call;
      const alarm = metricsOf(aws, account, region).alarms.get(AlarmName);
      if (!alarm) throw new AwsError("ResourceNotFound", `Unknown alarm: ${AlarmName}`);
      if (StateReasonData !== undefined && !isJson(StateReasonData)) {
        throw new AwsError("InvalidFormat", "StateReasonData must be valid JSON");
      }
      if (value) await setState(aws, alarm, { value, reason, reasonData: StateReasonData });
      scheduleEvaluation(aws, alarm);
    },
  },
} satisfies Operations<typeof Sdk>;
