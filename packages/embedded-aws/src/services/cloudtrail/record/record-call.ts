import { AwsError, type Call, type RecordedService, type Service } from "../../../engine/operation.ts";
import type { Principal } from "../../../engine/principal.ts";
import type { CallRecord } from "../../../engine/stateful-aws.ts";
import { idFrom } from "../../events/event.ts";
import { trailsOf } from "../state.ts";
import { publishTrailEvent } from "./publish-trail-event.ts";

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
