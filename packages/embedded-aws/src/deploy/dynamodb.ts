import type {
  BillingMode,
  CreateTableCommandInput,
  KeySchemaElement,
  ProjectionType,
  ScalarAttributeType,
  StreamViewType,
  TableClass,
  UpdateContinuousBackupsCommandInput,
  UpdateTimeToLiveCommandInput,
} from "@aws-sdk/client-dynamodb";
import { type Creator, known, tagList } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

export const createTable: Creator = async (inputs, site) => {
  const TableName = inputs.text("name");
  await site.call("dynamodb", "CreateTable", toTable(inputs, TableName));
  const ttl = inputs.object("ttl");
  const AttributeName = ttl?.maybeText("attributeName");
  if (ttl?.flag("enabled")) {
    const wanted: UpdateTimeToLiveCommandInput = {
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName },
    };
    await site.call("dynamodb", "UpdateTimeToLive", wanted);
  }
  const recovery = inputs.object("pointInTimeRecovery");
  const RecoveryPeriodInDays = recovery?.number("recoveryPeriodInDays");
  if (recovery?.flag("enabled")) {
    const wanted: UpdateContinuousBackupsCommandInput = {
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays },
    };
    await site.call("dynamodb", "UpdateContinuousBackups", wanted);
  }
  return known(TableName, `arn:aws:dynamodb:${site.region}:${site.account}:table/${TableName}`);
};

function toTable(inputs: Inputs, TableName: string): CreateTableCommandInput {
  const BillingMode = inputs.maybeText<BillingMode>("billingMode");
  const [ReadCapacityUnits, WriteCapacityUnits] = [inputs.number("readCapacity"), inputs.number("writeCapacity")];
  const encryption = inputs.object("serverSideEncryption");
  const global = inputs.list("globalSecondaryIndexes").map((index) => toIndex(index, index.text("hashKey")));
  const hashKey = inputs.text("hashKey");
  const local = inputs.list("localSecondaryIndexes").map((index) => toIndex(index, hashKey));
  const StreamViewType = inputs.maybeText<StreamViewType>("streamViewType");
  const streamed = inputs.flag("streamEnabled");
  return {
    TableName,
    BillingMode,
    ...(BillingMode !== "PAY_PER_REQUEST" && { ProvisionedThroughput: { ReadCapacityUnits, WriteCapacityUnits } }),
    AttributeDefinitions: inputs.list("attributes").map((attribute) => ({
      AttributeName: attribute.text("name"),
      AttributeType: attribute.text<ScalarAttributeType>("type"),
    })),
    KeySchema: keySchema(hashKey, inputs.maybeText("rangeKey")),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(encryption && {
      SSESpecification: { Enabled: encryption.flag("enabled"), KMSMasterKeyId: encryption.maybeText("kmsKeyArn") },
    }),
    ...(streamed && { StreamSpecification: { StreamEnabled: true, StreamViewType } }),
    DeletionProtectionEnabled: inputs.flag("deletionProtectionEnabled"),
    TableClass: inputs.maybeText<TableClass>("tableClass"),
    Tags: tagList(inputs),
  };
}

const toIndex = (index: Inputs, hashKey: string) => ({
  IndexName: index.text("name"),
  KeySchema: keySchema(hashKey, index.maybeText("rangeKey")),
  Projection: {
    ProjectionType: index.text<ProjectionType>("projectionType"),
    NonKeyAttributes: index.texts("nonKeyAttributes"),
  },
});

const keySchema = (hash: string, range: string | undefined): KeySchemaElement[] => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: "RANGE" as const }]),
];
