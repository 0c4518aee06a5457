import type * as Sdk from "@aws-sdk/client-cloudwatch-logs";
import { authorize } from "../../engine/authorizer.ts";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { servicePrincipal } from "../../engine/principal.ts";
import { authorizeKey, requireUsableKey } from "../kms/find-key.ts";
import { requestTagContext } from "../tag-context.ts";
import { expireEvents } from "./keep-events.ts";
import { groupArn, invalid, makeGroup, nameInIdentifier, nameOfGroup, onGroup, requireGroup } from "./log-group.ts";
import { type LogGroup, logsIn } from "./state.ts";

/** API reference, `PutRetentionPolicy`. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function toLogGroup(group: LogGroup): Sdk.LogGroup {
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    storedBytes: group.bytes,
    ...(group.kmsKeyArn !== undefined && { kmsKeyId: group.kmsKeyArn }),
    logGroupClass: group.class,
    logGroupArn: group.arn,
    deletionProtectionEnabled: group.deletionProtected,
  };
}

/** Sorted by name, without expired events. */
function groupsOf({ aws, account, region }: Call): LogGroup[] {
  const groups = [...logsIn(aws, account, region).groups.values()];
  for (const group of groups) expireEvents(group, aws.clock.now());
  return groups.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** DescribeLogGroups and ListLogGroups are authorized for all groups: the messages name none. */
const onAll = (_: object, call: Call) => [{ resources: [`${groupArn(call, "")}:log-stream:`] }];

const onNamed = ({ logGroupName = "" }: { readonly logGroupName?: string | undefined }, call: Call) => [
  onGroup(call, logGroupName),
];

const notLinked = (input: { includeLinkedAccounts?: boolean | undefined; accountIdentifiers?: unknown }) => {
  if (input.includeLinkedAccounts || input.accountIdentifiers) {
    throw new AwsError(
      "NotImplemented",
      "logs: linked accounts (CloudWatch cross-account observability) are not built",
    );
  }
};

export const operations = {
  CreateLogGroup: {
    authorize: ({ logGroupName = "", tags = {} }, call) => {
      const context = requestTagContext(Object.entries(tags));
      const tagged = Object.keys(tags).length > 0;
      return [
        { ...onGroup(call, logGroupName), context },
        ...(tagged ? [{ action: "logs:TagResource", resources: [groupArn(call, logGroupName)], context }] : []),
      ];
    },
    run({ logGroupName = "", kmsKeyId, tags = {}, logGroupClass, deletionProtectionEnabled }, call) {
      if (logGroupName.startsWith("aws/")) throw invalid("Log groups starting with aws/ are reserved for AWS.");
      if (logsIn(call.aws, call.account, call.region).groups.has(logGroupName)) {
        throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
      }
      makeGroup(call, logGroupName, {
        class: logGroupClass ?? "STANDARD",
        kmsKeyArn: kmsKeyId === undefined ? undefined : requireKey(call, logGroupName, kmsKeyId),
        deletionProtected: deletionProtectionEnabled ?? false,
        tags: new Map(Object.entries(tags)),
      });
    },
  },
  DeleteLogGroup: {
    authorize: onNamed,
    run({ logGroupName = "" }, call) {
      const { deletionProtected } = requireGroup(call, logGroupName);
      if (deletionProtected) {
        throw new AwsError(
          "ValidationException",
          `Log group ${logGroupName} cannot be deleted because deletion protection is enabled.`,
        );
      }
      logsIn(call.aws, call.account, call.region).groups.delete(logGroupName);
    },
  },
  DescribeLogGroups: {
    list: "logGroups",
    authorize: onAll,
    run(input, call) {
      notLinked(input);
      const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers, logGroupClass } = input;
      if (prefix !== undefined && pattern !== undefined) {
        throw invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
      }
      const named = logGroupIdentifiers && new Set(logGroupIdentifiers.map((one) => nameInIdentifier(one, call)));
      const found = groupsOf(call).filter(
        (group) =>
          group.name.startsWith(prefix ?? "") &&
          group.name.includes(pattern ?? "") &&
          (named?.has(group.name) ?? true) &&
          (logGroupClass === undefined || group.class === logGroupClass),
      );
      return { logGroups: found.map(toLogGroup) };
    },
  },
  ListLogGroups: {
    list: { items: "logGroups", most: 1000 },
    authorize: onAll,
    run(input, call) {
      notLinked(input);
      if (input.dataSources || input.fieldIndexNames || input.logGroupTags) {
        throw new AwsError("NotImplemented", "logs:ListLogGroups by data sources, field indexes or tags is not built");
      }
      const matches = namePattern(input.logGroupNamePattern);
      const found = groupsOf(call).filter(
        ({ name, class: own }) => matches(name) && (input.logGroupClass ?? own) === own,
      );
      return {
        logGroups: found.map(({ name, arn, class: logGroupClass }) => ({
          logGroupName: name,
          logGroupArn: arn,
          logGroupClass,
        })),
      };
    },
  },
  PutRetentionPolicy: {
    authorize: onNamed,
    run({ logGroupName = "", retentionInDays: days = 0 }, call) {
      if (!RETENTION_DAYS.includes(days)) {
        throw invalid(
          `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(", ")}]`,
        );
      }
      const group = requireGroup(call, logGroupName);
      // Events that a shorter retention removes do not return with a longer one.
      group.retentionDays = days;
      expireEvents(group, call.aws.clock.now());
    },
  },
  DeleteRetentionPolicy: {
    authorize: onNamed,
    run({ logGroupName = "" }, call) {
      const group = requireGroup(call, logGroupName);
      expireEvents(group, call.aws.clock.now());
      group.retentionDays = undefined;
    },
  },
  PutLogGroupDeletionProtection: {
    authorize: (input, call) => [onGroup(call, nameOfGroup(input, call))],
    run(input, call) {
      requireGroup(call, nameOfGroup(input, call)).deletionProtected = input.deletionProtectionEnabled ?? false;
    },
  },
  AssociateKmsKey: {
    authorize: (input, call) => [{ ...onGroup(call, input.logGroupName ?? keyedGroup(input, call)) }],
    run(input, call) {
      const group = requireGroup(call, keyedGroup(input, call));
      group.kmsKeyArn = requireKey(call, group.name, input.kmsKeyId ?? "");
    },
  },
  DisassociateKmsKey: {
    authorize: (input, call) => [{ ...onGroup(call, input.logGroupName ?? keyedGroup(input, call)) }],
    run(input, call) {
      requireGroup(call, keyedGroup(input, call)).kmsKeyArn = undefined;
    },
  },
} satisfies Operations<typeof Sdk>;

/** A group with a key, by name or ARN; AWS also supports keys for query results. */
function keyedGroup(
  { logGroupName, resourceIdentifier }: { logGroupName?: string | undefined; resourceIdentifier?: string | undefined },
  call: Call,
): string {
  if (resourceIdentifier?.includes(":query-result:")) {
    throw new AwsError("NotImplemented", "logs: KMS keys for the results of queries are not built");
  }
  return nameOfGroup({ logGroupName, logGroupIdentifier: resourceIdentifier }, call);
}

/** Up to five parts of names, separated by `|`; `^` matches the beginning (API reference, `ListLogGroups`). */
function namePattern(pattern = ""): (name: string) => boolean {
  const parts = pattern.split("|");
  return (name) => parts.some((part) => (part.startsWith("^") ? name.startsWith(part.slice(1)) : name.includes(part)));
}

/** The service's actions on a group's key (CloudWatch Logs user guide, "Encrypt log data using AWS KMS"). */
const ACTIONS = ["Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey"];

/**
 * The ARN of a key for a group: symmetric, enabled, and with a policy that allows CloudWatch Logs to use it.
 * @throws InvalidParameterException
 */
function requireKey(call: Call, group: string, reference: string): string {
  const arn = groupArn(call, group);
  const refusal = (): Error =>
    invalid(`The specified KMS key does not exist or is not allowed to be used with LogGroup '${arn}'`);
  try {
    const key = requireUsableKey(call, reference);
    if (key.signing) throw refusal();
    const principal = servicePrincipal(`logs.${call.region}.amazonaws.com`, call.account, arn);
    const asked = authorizeKey(call, reference, { "kms:EncryptionContext:aws:logs:arn": arn });
    for (const action of ACTIONS) authorize({ ...call, principal }, { ...asked, action: `kms:${action}` });
    return key.arn;
  } catch {
    throw refusal();
  }
}
