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

const structure = (name: string, members: readonly string[], required = 0, shape = shapeOf) =>
  [3, NAMESPACE, name, 0, members, members.map(shape), required] as const;
const list = (name: string, item: unknown) => [1, NAMESPACE, name, 0, item] as const;
const error = (name: string, httpError: number, fault: "client" | "server") =>
  [-3, NAMESPACE, name, { error: fault, httpError }, ["Message", "Reason"], [TEXT, TEXT]] as const;

/** The shapes of members that are not text: a name has the same shape in all structures. */
const SHAPES: Readonly<Record<string, unknown>> = {
  RetentionPeriod: () => retentionPeriod,
  RetentionPeriodValue: NUMBER,
  LockConfiguration: () => lockConfiguration,
  UnlockDelay: () => unlockDelay,
  UnlockDelayValue: NUMBER,
  LockEndTime: TIME,
  ResourceTags: () => resourceTags,
  ExcludeResourceTags: () => excludeResourceTags,
  Tags: () => tagList,
  TagKeys: [64 | TEXT, { httpQuery: "tagKeys" }],
  Rules: () => ruleSummaryList,
  MaxResults: NUMBER,
};

function shapeOf(member: string): unknown {
  return SHAPES[member] ?? TEXT;
}

const SUMMARY = ["Identifier", "Description", "RetentionPeriod", "LockState", "RuleArn"];
const SCOPE = ["ResourceTags", "ExcludeResourceTags"];
const RULE = [...SUMMARY, "ResourceType", "Status", "LockConfiguration", "LockEndTime", ...SCOPE];

const retentionPeriod = structure("RetentionPeriod", ["RetentionPeriodValue", "RetentionPeriodUnit"], 2);
const unlockDelay = structure("UnlockDelay", ["UnlockDelayValue", "UnlockDelayUnit"], 2);
const lockConfiguration = structure("LockConfiguration", ["UnlockDelay"], 1);
const resourceTag = structure("ResourceTag", ["ResourceTagKey", "ResourceTagValue"], 1);
const resourceTags = list("ResourceTags", () => resourceTag);
const excludeResourceTags = list("ExcludeResourceTags", () => resourceTag);
const tag = structure("Tag", ["Key", "Value"], 2);
const tagList = list("TagList", () => tag);
const ruleSummary = structure("RuleSummary", SUMMARY);
const ruleSummaryList = list("RuleSummaryList", () => ruleSummary);

interface Members {
  readonly input: readonly string[];
  /** How many of the input's members are required: the first ones. */
  readonly required: number;
  readonly output: readonly string[];
}

function operation(name: string, http: readonly [string, string, number], { input, required, output }: Members) {
  const request = structure(`${name}Request`, input, required, (member) =>
    http[1].includes(`{${member}}`) ? LABEL : shapeOf(member),
  );
  const response = structure(`${name}Response`, output);
  return [9, NAMESPACE, name, { http }, () => request, () => response] as const;
}

export const CreateRule$ = operation("CreateRule", ["POST", "/rules", 201], {
  input: ["RetentionPeriod", "ResourceType", "Description", "Tags", "LockConfiguration", ...SCOPE],
  required: 2,
  output: [...RULE, "Tags"],
});
export const DeleteRule$ = operation("DeleteRule", ["DELETE", "/rules/{Identifier}", 204], {
  input: ["Identifier"],
  required: 1,
  output: [],
});
export const GetRule$ = operation("GetRule", ["GET", "/rules/{Identifier}", 200], {
  input: ["Identifier"],
  required: 1,
  output: RULE,
});
export const ListRules$ = operation("ListRules", ["POST", "/list-rules", 200], {
  input: ["ResourceType", "MaxResults", "NextToken", "LockState", ...SCOPE],
  required: 1,
  output: ["Rules", "NextToken"],
});
export const ListTagsForResource$ = operation("ListTagsForResource", ["GET", "/tags/{ResourceArn}", 200], {
  input: ["ResourceArn"],
  required: 1,
  output: ["Tags"],
});
export const LockRule$ = operation("LockRule", ["PATCH", "/rules/{Identifier}/lock", 200], {
  input: ["Identifier", "LockConfiguration"],
  required: 2,
  output: RULE,
});
export const TagResource$ = operation("TagResource", ["POST", "/tags/{ResourceArn}", 201], {
  input: ["ResourceArn", "Tags"],
  required: 2,
  output: [],
});
export const UnlockRule$ = operation("UnlockRule", ["PATCH", "/rules/{Identifier}/unlock", 200], {
  input: ["Identifier"],
  required: 1,
  output: RULE,
});
export const UntagResource$ = operation("UntagResource", ["DELETE", "/tags/{ResourceArn}", 204], {
  input: ["ResourceArn", "TagKeys"],
  required: 2,
  output: [],
});
export const UpdateRule$ = operation("UpdateRule", ["PATCH", "/rules/{Identifier}", 200], {
  input: ["Identifier", "RetentionPeriod", "Description", "ResourceType", ...SCOPE],
  required: 1,
  output: RULE,
});

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
