import { authorize } from "../../engine/authorizer.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import type { Principal } from "../../engine/principal.ts";
import { appendEvent } from "./keep-events.ts";
import { makeGroup, makeStream, onGroup } from "./log-group.ts";
import { type LogGroup, type LogStream, logsIn } from "./state.ts";

/** A service's log stream, and the principal that writes to it. */
interface Destination {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly stream: string;
  readonly principal: Principal;
}

/**
 * Writes to a stream for a service, with a role: missing groups and streams are created; without permission the lines
 * are silently lost, as in AWS. This is not an API call: it is neither throttled nor recorded.
 */
export class LogWriter {
  readonly #aws: EmbeddedAws;
  readonly #destination: Destination;
  #target: { readonly group: LogGroup; readonly stream: LogStream } | undefined;

  constructor(aws: EmbeddedAws, destination: Destination) {
    this.#aws = aws;
    this.#destination = destination;
  }

  /** Resolves group, stream and permissions now; events use them until the next call. */
  open(): void {
    const { account, region, group: name, stream: streamName } = this.#destination;
    const place = { aws: this.#aws, account, region };
    try {
      let group = logsIn(this.#aws, account, region).groups.get(name);
      if (!group) {
        this.#ask("CreateLogGroup", "");
        group = makeGroup(place, name);
      }
      let stream = group.streams.get(streamName);
      if (!stream) {
        this.#ask("CreateLogStream", streamName);
        stream = makeStream(this.#aws, group, streamName);
      }
      this.#ask("PutLogEvents", streamName);
      this.#target = { group, stream };
    } catch (refusal) {
      if (!(refusal instanceof AwsError)) throw refusal;
      this.#target = undefined;
    }
  }

  write(message: string): void {
    if (!this.#target) return;
    const { group, stream } = this.#target;
    appendEvent(this.#aws, group, stream, message);
  }

  /** @throws AwsError AccessDeniedException */
  #ask(operation: string, stream: string): void {
    const { account, region, principal, group } = this.#destination;
    const call = { aws: this.#aws, account, region, principal, requestId: "" };
    const { resources = [], ...rest } = onGroup(call, group, stream);
    authorize(call, { ...rest, resources, action: `logs:${operation}` });
  }
}
