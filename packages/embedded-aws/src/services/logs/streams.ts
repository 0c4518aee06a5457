import type * as Sdk from "@aws-sdk/client-cloudwatch-logs";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { bytesOf, expireEvents } from "./keep-events.ts";
import { invalid, makeStream, nameOfGroup, onGroup, requireGroup, requireStream } from "./log-group.ts";
import type { LogStream } from "./state.ts";

const toLogStream = ({ name, arn, createdAt, events, lastIngestionAt }: LogStream): Sdk.LogStream => ({
  logStreamName: name,
  creationTime: createdAt,
  ...(events[0] && { firstEventTimestamp: events[0].at, lastEventTimestamp: events.at(-1)?.at }),
  ...(lastIngestionAt !== undefined && { lastIngestionTime: lastIngestionAt }),
  // Ignored since 2023, but still answered.
  uploadSequenceToken: String(events.length + 1).padStart(56, "4"),
  arn,
  storedBytes: 0,
});

/** Streams without events come first. */
const lastEventAt = ({ events }: LogStream): number => events.at(-1)?.at ?? 0;

export const operations = {
  CreateLogStream: {
    authorize: ({ logGroupName = "", logStreamName }, call) => [onGroup(call, logGroupName, logStreamName)],
    run({ logGroupName = "", logStreamName = "" }, call) {
      const group = requireGroup(call, logGroupName);
      if (group.streams.has(logStreamName)) {
        throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      }
      makeStream(call.aws, group, logStreamName);
    },
  },
  DeleteLogStream: {
    authorize: ({ logGroupName = "", logStreamName }, call) => [onGroup(call, logGroupName, logStreamName)],
    run({ logGroupName = "", logStreamName = "" }, call) {
      const group = requireGroup(call, logGroupName);
      const { events } = requireStream(group, logStreamName);
      if (group.deletionProtected) {
        throw new AwsError(
          "ValidationException",
          `Log stream ${logStreamName} cannot be deleted because deletion protection is enabled on its log group.`,
        );
      }
      group.streams.delete(logStreamName);
      group.count -= events.length;
      group.bytes -= bytesOf(events);
    },
  },
  DescribeLogStreams: {
    list: "logStreams",
    authorize: (input, call) => [onGroup(call, nameOfGroup(input, call))],
    run(input, call) {
      const { orderBy = "LogStreamName", descending = false, logStreamNamePrefix: prefix } = input;
      if (orderBy === "LastEventTime" && prefix !== undefined) {
        throw invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
      }
      const group = requireGroup(call, nameOfGroup(input, call));
      expireEvents(group, call.aws.clock.now());
      const streams = [...group.streams.values()]
        .filter(({ name }) => name.startsWith(prefix ?? ""))
        .sort((one, other) => {
          const byTime = orderBy === "LastEventTime" ? lastEventAt(one) - lastEventAt(other) : 0;
          return byTime || (one.name < other.name ? -1 : 1);
        });
      return { logStreams: (descending ? streams.reverse() : streams).map(toLogStream) };
    },
  },
} satisfies Operations<typeof Sdk>;
