import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError, type Call, type RecordedService, type Service } from "../../../engine/operation.ts";
import type { Principal } from "../../../engine/principal.ts";
import type { CallRecord } from "../../../engine/stateful-aws.ts";
import { idFrom, toTheSecond } from "../../events/event.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { isAwaited } from "../../events/watch.ts";
import { isRecorded } from "../covers.ts";
import { trailsOf } from "../state.ts";

/**
 * Undefined for calls that no trail records: the service is not recorded here, the call only reads, or no trail
 * exists. Calls that IAM denies are not recorded here; AWS records them.
 */
export function recordCall(
  { recorded }: Pick<Service, "recorded">,
  name: string,
  input: object,
  call: Call,
): CallRecord | undefined {
  if (!recorded || recorded.isRead(name) || trailsOf(call.aws).size === 0) return undefined;
  const owners = recorded.otherAccounts?.(input, call) ?? [];
  const record = (others: readonly string[], output: unknown, outcome: () => object) => {
    const accounts = new Set([...others, call.account]);
    const sharedEventID = accounts.size > 1 ? idFrom(`${call.requestId}/shared`) : undefined;
    for (const account of accounts) {
      publishTrailEvent(call.aws, recorded, {
        account,
        region: call.region,
        eventName: name,
        "detail-type": "AWS API Call via CloudTrail",
        key: `${call.requestId}/${name}/${account}`,
        fields: () => ({
          ...whoCalled(call, account, recorded),
          requestParameters: recorded.requestParameters(name, input),
          ...outcome(),
          ...recorded.moreFields?.(name, input, output, call),
          requestID: call.requestId,
          eventType: "AwsApiCall",
          ...(sharedEventID && { sharedEventID }),
        }),
      });
    }
  };
  return {
    answered(output) {
      record(owners, output, () => ({ responseElements: recorded.responseElements(name, output, call, input) }));
    },
    refused(error) {
      // Not an answer of AWS: the operation is not built here.
      if (!(error instanceof AwsError) || error.code === "NotImplemented") return;
      const errorCode = recorded.errorCode?.(error.code) ?? error.code;
      record([], undefined, () => ({ errorCode, errorMessage: error.message, responseElements: null }));
    },
  };
}

function whoCalled({ principal }: Call, account: string, { namesCallers }: RecordedService): object {
  const agent = principal.kind === "service" ? principal.service : undefined;
  return {
    userIdentity: namesCallers || account === principal.account ? userIdentity(principal) : foreignIdentity(principal),
    sourceIPAddress: agent ?? "127.0.0.1",
    userAgent: agent ?? "embedded-aws",
  };
}

type Identity = Readonly<Record<string, unknown>>;

/** The caller, as its own account sees it (CloudTrail user guide, "userIdentity element"). */
function userIdentity(principal: Principal): Identity {
  const { account, arn } = principal;
  switch (principal.kind) {
    case "account":
      return { type: "Root", principalId: account, arn, accountId: account, accessKeyId: account };
    case "role": {
      const userName = principal.roleArn.slice(principal.roleArn.lastIndexOf("/") + 1);
      const sessionIssuer = { type: "Role", arn: principal.roleArn, accountId: account, userName };
      return { type: "AssumedRole", arn, accountId: account, sessionContext: { sessionIssuer } };
    }
    case "service":
      return { type: "AWSService", invokedBy: principal.service };
  }
}

/** The caller, as another account sees it whose resource was used: the account without names. */
const foreignIdentity = (principal: Principal): Identity =>
  principal.kind === "service"
    ? userIdentity(principal)
    : { type: "AWSAccount", principalId: principal.account, accountId: principal.account };

interface TrailEvent {
  /** The account that gets the event. */
  readonly account: string;
  readonly region: string;
  readonly eventName: string;
  readonly "detail-type": "AWS API Call via CloudTrail" | "AWS Service Event via CloudTrail";
  /** Identifies the event: its ids are derived from this. */
  readonly key: string;
  /** Only called if the event can be observed. */
  readonly fields: () => object;
}

/**
 * Puts a management write event on the default bus of its account and region, if a trail there records it. In AWS it
 * arrives minutes later on a best-effort basis; here at once.
 */
export function publishTrailEvent(
  aws: EmbeddedAws,
  { source, eventSource, alwaysMade }: Pick<RecordedService, "source" | "eventSource" | "alwaysMade">,
  { account, region, eventName, key, fields, ...event }: TrailEvent,
): void {
  if (!isRecorded(aws, { account, region, eventSource, eventName })) return;
  const known = { source, account, region, "detail-type": event["detail-type"], detail: { eventSource, eventName } };
  if (!alwaysMade && !isAwaited(aws, known)) return;
  publishServiceEvent(aws, {
    ...known,
    ...(!alwaysMade && { id: idFrom(`${key}/event`) }),
    detail: {
      eventVersion: "1.08",
      eventTime: toTheSecond(aws.clock.now()),
      eventSource,
      eventName,
      awsRegion: region,
      eventID: alwaysMade ? aws.uuid() : idFrom(key),
      readOnly: false,
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: "Management",
      ...fields(),
    },
  });
}
