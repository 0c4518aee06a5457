import type * as Sdk from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { matches } from "./pattern/matches.ts";
import { parsePattern } from "./pattern/parse-pattern.ts";

const REQUIRED = ["id", "account", "source", "time", "region", "detail-type"];

export const operations = {
  TestEventPattern: {
    run({ Event = "", EventPattern = "" }) {
      const event = parseEvent(Event);
      return { Result: matches(parsePattern(EventPattern), event) };
    },
  },
} satisfies Operations<typeof Sdk>;

function parseEvent(text: string): object {
  try {
    const event: unknown = JSON.parse(text);
    if (typeof event === "object" && event !== null && REQUIRED.every((field) => field in event)) return event;
  } catch {
    // Refused below, like an event without its fields.
  }
  throw new AwsError("ValidationException", "Parameter Event is not valid.", { status: 400 });
}
