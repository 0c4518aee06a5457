/**
 * Recycle Bin's API model (botocore's `rbin/2021-06-15`, Apache-2.0, © Amazon) as an SDK client's module: the schemas
 * of its operations and errors, and a client that states the protocol. The project does not depend on AWS's client for
 * this service: only external programs call Recycle Bin.
 */
const NAMESPACE = "com.amazonaws.rbin";
const TEXT = 0;
const NUMBER = 1;
const TIME = 4;
const LABEL = [TEXT, 1] as const;

type Member = readonly [name: string, schema: unknown];

const structure = (name: string, members: readonly Member[], required = 0) =>
  [3, NAMESPACE, name, 0, members.map(([one]) => one), members.map(([, schema]) => schema), required] as const;
const list = (name: string, item: unknown) => [1, NAMESPACE, name, 0, item] as const;
const error = (name: string, httpError: number, fault: "client" | "server") =>
  [-3, NAMESPACE, name, { error: fault, httpError }, ["Message", "Reason"], [TEXT, TEXT]] as const;
const operation = (name: string, http: readonly [string, string, number], input: unknown, output: unknown) =>
  [9, NAMESPACE, name, { http }, () => input, () => output] as const;

const retentionPeriod = structure(
  "RetentionPeriod",
  [
    ["RetentionPeriodValue", NUMBER],
    ["RetentionPeriodUnit", TEXT],
  ],
  2,
);
const resourceTag = structure(
  "ResourceTag",
  [
    ["ResourceTagKey", TEXT],
    ["ResourceTagValue", TEXT],
  ],
  1,
);
const resourceTags = list("ResourceTags", () => resourceTag);
const excludeResourceTags = list("ExcludeResourceTags", () => resourceTag);
const tag = structure(
  "Tag",
  [
    ["Key", TEXT],
    ["Value", TEXT],
  ],
  2,
);
const tagList = list("TagList", () => tag);
const unlockDelay = structure(
  "UnlockDelay",
  [
    ["UnlockDelayValue", NUMBER],
    ["UnlockDelayUnit", TEXT],
  ],
  2,
);
const lockConfiguration = structure("LockConfiguration", [["UnlockDelay", () => unlockDelay]], 1);
const ruleSummary = structure("RuleSummary", [
  ["Identifier", TEXT],
  ["Description", TEXT],
  ["RetentionPeriod", () => retentionPeriod],
  ["LockState", TEXT],
  ["RuleArn", TEXT],
]);
const ruleSummaryList = list("RuleSummaryList", () => ruleSummary);

const rule: readonly Member[] = [
  ["Identifier", TEXT],
  ["Description", TEXT],
  ["ResourceType", TEXT],
  ["RetentionPeriod", () => retentionPeriod],
  ["ResourceTags", () => resourceTags],
  ["Status", TEXT],
  ["LockConfiguration", () => lockConfiguration],
  ["LockState", TEXT],
  ["LockEndTime", TIME],
  ["RuleArn", TEXT],
  ["ExcludeResourceTags", () => excludeResourceTags],
];
const scope: readonly Member[] = [
  ["ResourceTags", () => resourceTags],
  ["ExcludeResourceTags", () => excludeResourceTags],
];
const named = (name: string) => structure(name, [["Identifier", LABEL]], 1);

export const CreateRule$ = operation(
  "CreateRule",
  ["POST", "/rules", 201],
  structure(
    "CreateRuleRequest",
    [
      ["RetentionPeriod", () => retentionPeriod],
      ["ResourceType", TEXT],
      ["Description", TEXT],
      ["Tags", () => tagList],
      ["LockConfiguration", () => lockConfiguration],
      ...scope,
    ],
    2,
  ),
  structure("CreateRuleResponse", [...rule, ["Tags", () => tagList]]),
);
export const DeleteRule$ = operation(
  "DeleteRule",
  ["DELETE", "/rules/{Identifier}", 204],
  named("DeleteRuleRequest"),
  structure("DeleteRuleResponse", []),
);
export const GetRule$ = operation(
  "GetRule",
  ["GET", "/rules/{Identifier}", 200],
  named("GetRuleRequest"),
  structure("GetRuleResponse", rule),
);
export const ListRules$ = operation(
  "ListRules",
  ["POST", "/list-rules", 200],
  structure(
    "ListRulesRequest",
    [["ResourceType", TEXT], ["MaxResults", NUMBER], ["NextToken", TEXT], ["LockState", TEXT], ...scope],
    1,
  ),
  structure("ListRulesResponse", [
    ["Rules", () => ruleSummaryList],
    ["NextToken", TEXT],
  ]),
);
export const ListTagsForResource$ = operation(
  "ListTagsForResource",
  ["GET", "/tags/{ResourceArn}", 200],
  structure("ListTagsForResourceRequest", [["ResourceArn", LABEL]], 1),
  structure("ListTagsForResourceResponse", [["Tags", () => tagList]]),
);
export const LockRule$ = operation(
  "LockRule",
  ["PATCH", "/rules/{Identifier}/lock", 200],
  structure(
    "LockRuleRequest",
    [
      ["Identifier", LABEL],
      ["LockConfiguration", () => lockConfiguration],
    ],
    2,
  ),
  structure("LockRuleResponse", rule),
);
export const TagResource$ = operation(
  "TagResource",
  ["POST", "/tags/{ResourceArn}", 201],
  structure(
    "TagResourceRequest",
    [
      ["ResourceArn", LABEL],
      ["Tags", () => tagList],
    ],
    2,
  ),
  structure("TagResourceResponse", []),
);
export const UnlockRule$ = operation(
  "UnlockRule",
  ["PATCH", "/rules/{Identifier}/unlock", 200],
  named("UnlockRuleRequest"),
  structure("UnlockRuleResponse", rule),
);
export const UntagResource$ = operation(
  "UntagResource",
  ["DELETE", "/tags/{ResourceArn}", 204],
  structure(
    "UntagResourceRequest",
    [
      ["ResourceArn", LABEL],
      ["TagKeys", [64 | TEXT, { httpQuery: "tagKeys" }]],
    ],
    2,
  ),
  structure("UntagResourceResponse", []),
);
export const UpdateRule$ = operation(
  "UpdateRule",
  ["PATCH", "/rules/{Identifier}", 200],
  structure(
    "UpdateRuleRequest",
    [
      ["Identifier", LABEL],
      ["RetentionPeriod", () => retentionPeriod],
      ["Description", TEXT],
      ["ResourceType", TEXT],
      ...scope,
    ],
    1,
  ),
  structure("UpdateRuleResponse", rule),
);

export const ConflictException$ = error("ConflictException", 409, "client");
export const InternalServerException$ = error("InternalServerException", 500, "server");
export const ResourceNotFoundException$ = error("ResourceNotFoundException", 404, "client");
export const ServiceQuotaExceededException$ = error("ServiceQuotaExceededException", 402, "client");
export const ValidationException$ = error("ValidationException", 400, "client");

/** Provides the service's protocol, as the configuration of an SDK client does. It sends nothing. */
export class RbinClient {
  readonly config = {
    protocol: { getShapeId: () => "aws.protocols#restJson1" },
    protocolSettings: { defaultNamespace: NAMESPACE },
  };
}
