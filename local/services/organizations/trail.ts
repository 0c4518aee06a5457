import { AwsError } from "../../aws-error.ts";
import type { EmbeddedAws } from "../../embedded-aws.ts";
import type { Call, Operation } from "../../operation.ts";
import type { Principal } from "../../principal.ts";
import { toTheSecond } from "../events/event.ts";
import { publishServiceEvent } from "../events/publish-service-event.ts";
import { organizationWith } from "./state.ts";

/** Organizations is one endpoint, and CloudTrail and EventBridge know its events only there. */
const REGION = "us-east-1";
/** CloudTrail hides these values of Organizations' (user guide, "Example log entries: CreateAccount"). */
const HIDDEN: ReadonlySet<string> = new Set(["accountName", "email"]);

type Detail = Readonly<Record<string, unknown>>;

/**
 * The operations, each change telling the default bus as CloudTrail does, refused ones with their error. In AWS that
 * takes a trail in the account and arrives when it does; here there is always one, and it is quick. Calls that only read
 * reach no rule that has not asked for them, so they tell nothing; nor does a call that IAM refused before it began.
 */
export const trailed = (operations: Readonly<Record<string, Operation>>): Readonly<Record<string, Operation>> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, one]) => [name, /^(Describe|List)/.test(name) ? one : told(name, one)]),
  );

const told = (name: string, operation: Operation): Operation => ({
  ...operation,
  async run(input: never, call: Call) {
    // Afterwards the account may be in no organization any more.
    const management = organizationWith(call.aws, call.account)?.managementAccount;
    try {
      const output = await operation.run(input, call);
      const places = new Set([management ?? call.account, call.account]);
      for (const account of places) tellApiCall(call, account, name, input, { responseElements: toElements(output) });
      return output;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const failed = { errorCode: error.code, errorMessage: error.message, responseElements: null };
      tellApiCall(call, call.account, name, input, failed);
      throw error;
    }
  },
});

function tellApiCall(call: Call, account: string, eventName: string, input: object, outcome: Detail): void {
  publishServiceEvent(call.aws, {
    account,
    region: REGION,
    source: "aws.organizations",
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      ...common(call.aws, account, eventName),
      userIdentity: identity(call.principal),
      sourceIPAddress: call.principal.kind === "service" ? call.principal.service : "127.0.0.1",
      userAgent: call.principal.kind === "service" ? call.principal.service : "embedded-aws",
      requestParameters: toElements(input),
      ...outcome,
      requestID: call.requestId,
      eventType: "AwsApiCall",
    },
  });
}

/** What the service did by itself: the end of a request that it worked on, an account that joined or departed. */
export function tellServiceEvent(aws: EmbeddedAws, account: string, eventName: string, details: Detail): void {
  publishServiceEvent(aws, {
    account,
    region: REGION,
    source: "aws.organizations",
    "detail-type": "AWS Service Event via CloudTrail",
    detail: {
      ...common(aws, account, eventName),
      userIdentity: { accountId: account, invokedBy: "AWS Internal" },
      sourceIPAddress: "AWS Internal",
      userAgent: "AWS Internal",
      requestParameters: null,
      responseElements: null,
      eventType: "AwsServiceEvent",
      serviceEventDetails: toElements(details),
    },
  });
}

const common = (aws: EmbeddedAws, account: string, eventName: string): Detail => ({
  eventVersion: "1.08",
  eventTime: toTheSecond(aws.clock.now()),
  eventSource: "organizations.amazonaws.com",
  eventName,
  awsRegion: REGION,
  eventID: aws.uuid(),
  readOnly: false,
  managementEvent: true,
  recipientAccountId: account,
  eventCategory: "Management",
});

/** CloudTrail user guide, "userIdentity element". */
function identity(principal: Principal): Detail {
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

/** As CloudTrail writes values: members begin in lower case, an empty answer is null, times are texts. */
function toElements(value: unknown): unknown {
  if (value instanceof Date) return cloudTrailTime(value);
  if (Array.isArray(value)) return value.map(toElements);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  if (members.length === 0) return null;
  return Object.fromEntries(
    members.map(([member, one]) => {
      const name = member.charAt(0).toLowerCase() + member.slice(1);
      return [name, HIDDEN.has(name) ? "****" : toElements(one)];
    }),
  );
}

const TIME = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" });

/** `Sep 16, 2020 9:20:50 PM`, in UTC. */
function cloudTrailTime(time: Date): string {
  const parts = Object.fromEntries(TIME.formatToParts(time).map(({ type, value }) => [type, value]));
  const { month, day, year, hour, minute, second, dayPeriod } = parts;
  return `${month} ${day}, ${year} ${hour}:${minute}:${second} ${dayPeriod}`;
}
