import { isDeepStrictEqual } from "node:util";
import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { Inputs } from "./inputs.ts";
import { known, type ResourceType, retag, type Site, tagList, toTagList } from "./resource-type.ts";

export const table: ResourceType = {
  async create(inputs, site) {
    const TableName = inputs.text("name");
    await site.call("dynamodb", "CreateTable", toTable(inputs, TableName));
    await setTimeToLive(inputs, undefined, site);
    await setRecovery(inputs, undefined, site);
    return known(TableName, `arn:aws:dynamodb:${site.region}:${site.account}:table/${TableName}`);
  },
  async update(inputs, site, before) {
    const {
      TableName,
      BillingMode,
      ProvisionedThroughput,
      SSESpecification,
      StreamSpecification,
      DeletionProtectionEnabled,
      TableClass,
      GlobalSecondaryIndexes = [],
    } = toTable(inputs, inputs.text("name"));
    const was = toTable(before.inputs, before.inputs.text("name"));
    if (!isDeepStrictEqual(was.GlobalSecondaryIndexes ?? [], GlobalSecondaryIndexes)) {
      throw new Error("globalSecondaryIndexes: the embedded AWS cannot change the indexes of an existing table");
    }
    await site.call("dynamodb", "UpdateTable", {
      TableName,
      BillingMode,
      ProvisionedThroughput,
      SSESpecification: SSESpecification ?? (was.SSESpecification && { Enabled: false }),
      ...(!isDeepStrictEqual(was.StreamSpecification, StreamSpecification) && {
        StreamSpecification: StreamSpecification ?? { StreamEnabled: false },
      }),
      DeletionProtectionEnabled: DeletionProtectionEnabled ?? false,
      TableClass,
    } satisfies Sdk.UpdateTableCommandInput);
    await setTimeToLive(inputs, before.inputs, site);
    await setRecovery(inputs, before.inputs, site);
    const ResourceArn = before.attributes.arn;
    await retag(inputs, before, site, {
      service: "dynamodb",
      tag: (tags) => ["TagResource", { ResourceArn, Tags: toTagList(tags) }],
      untag: (TagKeys) => ["UntagResource", { ResourceArn, TagKeys }],
    });
    return before.attributes;
  },
  delete: ({ attributes: { name: TableName } }, site) => site.call("dynamodb", "DeleteTable", { TableName }),
  replacedBy: ["name", "hashKey", "rangeKey", "localSecondaryIndexes"],
};

/** DynamoDB refuses to disable time to live twice. */
async function setTimeToLive(inputs: Inputs, before: Inputs | undefined, site: Site): Promise<void> {
  const is = timeToLive(inputs);
  const was = before && timeToLive(before);
  if (is?.Enabled === was?.Enabled && is?.AttributeName === was?.AttributeName) return;
  const change = (TimeToLiveSpecification: Sdk.TimeToLiveSpecification) =>
    site.call("dynamodb", "UpdateTimeToLive", {
      TableName: inputs.text("name"),
      TimeToLiveSpecification,
    } satisfies Sdk.UpdateTimeToLiveCommandInput);
  if (was?.Enabled) await change({ ...was, Enabled: false });
  if (is?.Enabled) await change(is);
}

function timeToLive(inputs: Inputs): Sdk.TimeToLiveSpecification | undefined {
  const ttl = inputs.object("ttl");
  return ttl && { Enabled: ttl.flag("enabled") ?? false, AttributeName: ttl.maybeText("attributeName") };
}

async function setRecovery(inputs: Inputs, before: Inputs | undefined, site: Site): Promise<void> {
  const is = recovery(inputs);
  const was = before && recovery(before);
  if (!is.PointInTimeRecoveryEnabled && !was?.PointInTimeRecoveryEnabled) return;
  await site.call("dynamodb", "UpdateContinuousBackups", {
    TableName: inputs.text("name"),
    PointInTimeRecoverySpecification: is,
  } satisfies Sdk.UpdateContinuousBackupsCommandInput);
}

function recovery(inputs: Inputs): Sdk.PointInTimeRecoverySpecification {
  const recovery = inputs.object("pointInTimeRecovery");
  const RecoveryPeriodInDays = recovery?.number("recoveryPeriodInDays");
  const PointInTimeRecoveryEnabled = recovery?.flag("enabled") ?? false;
  return { PointInTimeRecoveryEnabled, ...(PointInTimeRecoveryEnabled && { RecoveryPeriodInDays }) };
}

function toTable(inputs: Inputs, TableName: string): Sdk.CreateTableCommandInput {
  const BillingMode = inputs.maybeText<Sdk.BillingMode>("billingMode");
  const [ReadCapacityUnits, WriteCapacityUnits] = [inputs.number("readCapacity"), inputs.number("writeCapacity")];
  const encryption = inputs.object("serverSideEncryption");
  const global = inputs.list("globalSecondaryIndexes").map((index) => toIndex(index, index.text("hashKey")));
  const hashKey = inputs.text("hashKey");
  const local = inputs.list("localSecondaryIndexes").map((index) => toIndex(index, hashKey));
  const StreamViewType = inputs.maybeText<Sdk.StreamViewType>("streamViewType");
  const streamed = inputs.flag("streamEnabled");
  return {
    TableName,
    BillingMode,
    ...(BillingMode !== "PAY_PER_REQUEST" && { ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } }),
    AttributeDefinitions: inputs.list("attributes").map((attribute) => ({
      AttributeName: attribute.text("name"),
      AttributeType: attribute.text<Sdk.ScalarAttributeType>("type"),
    })),
    KeySchema: keySchema(hashKey, inputs.maybeText("rangeKey")),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(encryption && {
      SSESpecification: { Enabled: encryption.flag("enabled"), KMSMasterKeyId: encryption.maybeText("kmsKeyArn") },
    }),
    ...(streamed && { StreamSpecification: { StreamEnabled: true, StreamViewType } }),
    DeletionProtectionEnabled: inputs.flag("deletionProtectionEnabled"),
    TableClass: inputs.maybeText<Sdk.TableClass>("tableClass"),
    Tags: tagList(inputs),
  };
}

const toIndex = (index: Inputs, hashKey: string) => ({
  IndexName: index.text("name"),
  KeySchema: keySchema(hashKey, index.maybeText("rangeKey")),
  Projection: {
    ProjectionType: index.text<Sdk.ProjectionType>("projectionType"),
    NonKeyAttributes: index.texts("nonKeyAttributes"),
  },
});

const keySchema = (hash: string, range: string | undefined): Sdk.KeySchemaElement[] => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" as const }]),
];
