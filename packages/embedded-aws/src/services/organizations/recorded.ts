import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { RecordedService } from "../../engine/operation.ts";
import { publishTrailEvent } from "../cloudtrail/record/record-call.ts";
import { toElements } from "../cloudtrail/record/to-elements.ts";
import { organizationWith } from "./state.ts";

/** Organizations has one endpoint; its events are only in this region. */
const REGION = "us-east-1";
/** User guide, "Example log entries: CreateAccount". */
const writing = { hidden: { accountName: "****", email: "****" } };

/** It is inferred that the management account also gets the events of a delegated administrator's calls. */
export const recorded: RecordedService = {
  eventSource: "organizations.amazonaws.com",
  source: "aws.organizations",
  isRead: (name) => /^(Describe|List)/.test(name),
  otherAccounts(_input, { aws, account }) {
    const management = organizationWith(aws, account)?.managementAccount;
    return management === undefined ? [] : [management];
  },
  namesCallers: true,
  requestParameters: (_name, input) => toElements(input, writing),
  responseElements: (_name, output) => toElements(output, writing),
  alwaysMade: true,
};

/** Records what the service does later: a completed request, an account that joined or departed. */
export function recordServiceEvent(aws: EmbeddedAws, account: string, eventName: string, details: object): void {
  publishTrailEvent(aws, recorded, {
    account,
    region: REGION,
    eventName,
    "detail-type": "AWS Service Event via CloudTrail",
    key: `${eventName}/${account}/${aws.clock.now()}`,
    fields: () => ({
      userIdentity: { accountId: account, invokedBy: "AWS Internal" },
      sourceIPAddress: "AWS Internal",
      userAgent: "AWS Internal",
      requestParameters: null,
      responseElements: null,
      eventType: "AwsServiceEvent",
      serviceEventDetails: toElements(details, writing),
    }),
  });
}
