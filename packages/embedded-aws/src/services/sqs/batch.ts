import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { AwsError } from "../../engine/aws-error.ts";

interface Entry {
  readonly Id: string | undefined;
}

const MOST_ENTRIES = 10;

/** One to ten entries with distinct ids (SQS API reference). */
export function checkBatch(entries: readonly Entry[], verb: string): void {
  if (entries.length === 0) {
    throw new AwsError(
      "EmptyBatchRequest",
      `There should be at least one ${verb}MessageBatchRequestEntry in the request.`,
    );
  }
  if (entries.length > MOST_ENTRIES) {
    const reason = `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`;
    throw new AwsError("TooManyEntriesInBatchRequest", reason);
  }
  const invalid = entries.find(({ Id }) => !/^[A-Za-z0-9_-]{1,80}$/.test(Id ?? ""));
  if (invalid) {
    const reason =
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
    throw new AwsError("InvalidBatchEntryId", reason);
  }
  const repeated = entries.find(({ Id }, at) => entries.findIndex((other) => other.Id === Id) !== at);
  if (repeated) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${repeated.Id} repeated.`);
}

/** Does each entry by itself: one refused entry does not stop the others. */
export function batchResult<E extends Entry, R>(entries: readonly E[], act: (entry: E) => R) {
  const Successful: R[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries) {
    try {
      Successful.push(act(entry));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
