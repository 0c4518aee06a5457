import { AwsError } from "../../../engine/aws-error.ts";
import type { Call, RecordedService, Service } from "../../../engine/operation.ts";
import type { CallRecord } from "../../../engine/stateful-aws.ts";
import { idFrom } from "../../events/id-from.ts";
import { trailsOf } from "../state.ts";
import { publishTrailEvent } from "./publish-trail-event.ts";
import { foreignIdentity, userIdentity } from "./user-identity.ts";

/**
 * Undefined for calls of which no trail can have an event: the service is not recorded here, the call only reads, or
 * there is no trail at all. Calls that IAM refuses are not recorded here; AWS records them.
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
      // AWS does not answer so: the operation is not built here.
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
