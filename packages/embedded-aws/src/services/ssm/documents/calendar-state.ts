import type * as Sdk from "@aws-sdk/client-ssm";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Operations } from "../../../engine/operation.ts";
import { stateOf } from "./calendar.ts";
import { authorizeDocument, requireDocument } from "./documents.ts";
import { latestOf } from "./state.ts";

/** ISO 8601, in seconds. */
const text = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;

export const operations = {
  /** Another account's shared calendar is named by its ARN. */
  GetCalendarState: {
    authorize: ({ CalendarNames = [] }, call) => CalendarNames.flatMap((name) => authorizeDocument(call, name)),
    run({ CalendarNames = [], AtTime }, call) {
      const at = AtTime === undefined ? call.aws.clock.now() : Date.parse(AtTime);
      if (Number.isNaN(at)) {
        throw new AwsError("ValidationException", `AtTime ${AtTime} is not a time in ISO 8601 format.`);
      }
      const calendars = CalendarNames.map((name) => latestOf(requireDocument(call, name)).calendar);
      const { state, changesAt } = stateOf(calendars, at);
      return {
        State: state,
        AtTime: text(at),
        NextTransitionTime: changesAt === undefined ? undefined : text(changesAt),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
