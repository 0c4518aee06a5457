import type { AttributeValue, CreateTableCommandInput, TableDescription } from "@aws-sdk/client-dynamodb";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { type Place, runDynalite } from "./run-dynalite.ts";
import { dynamoOf, type TableExtras } from "./state.ts";

/** Table data that dynalite does not keep. @throws ResourceNotFoundException for a table that does not exist */
export function extrasOf({ aws, account, region }: Place, nameOrArn: string | undefined): TableExtras {
  const name = tableName(nameOrArn);
  const extras = dynamoOf(aws, account, region).tables.get(name);
  if (!extras) {
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: Table: ${name} not found`);
  }
  return extras;
}

/** A table as DescribeTable shows it: dynalite's description in factory time, plus our data. */
export async function findTable(place: Place, nameOrArn: string | undefined): Promise<TableDescription> {
  const name = tableName(nameOrArn);
  const { Table } = await runDynalite<{ Table: TableDescription }>(place, "DescribeTable", { TableName: name });
  return describeTable(Table, extrasOf(place, name));
}

export function describeTable(table: TableDescription, extras: TableExtras): TableDescription {
  const created = new Date(extras.created);
  return {
    ...table,
    CreationDateTime: created,
    ...(table.BillingModeSummary && {
      BillingModeSummary: { ...table.BillingModeSummary, LastUpdateToPayPerRequestDateTime: created },
    }),
    DeletionProtectionEnabled: extras.deletionProtection,
    TableClassSummary: { TableClass: extras.tableClass as "STANDARD" },
    ...(extras.kmsKey !== undefined && {
      SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: extras.kmsKey },
    }),
  };
}

/** Requests name a table by name or ARN. */
export const tableName = (nameOrArn: string | undefined): string =>
  nameOrArn?.startsWith("arn:") ? nameOrArn.slice(nameOrArn.indexOf("/") + 1) : (nameOrArn ?? "");

const tableArn = ({ account, region }: Call, nameOrArn: string | undefined): string =>
  nameOrArn?.startsWith("arn:") ? nameOrArn : `arn:aws:dynamodb:${region}:${account}:table/${nameOrArn ?? ""}`;

/** The authorization of a request for one table, or one of its indexes. */
export function onTable(call: Call, nameOrArn: string | undefined, index?: string): Partial<Authorization>[] {
  const arn = tableArn(call, nameOrArn);
  return [{ resources: [index === undefined ? arn : `${arn}/index/${index}`], owner: arn.split(":")[4] ?? "" }];
}

/**
 * The same for items, with the condition key of their partition keys (service authorization reference, DynamoDB). A
 * request without keys, a Scan, has none.
 * @param keysOf the request's values of an attribute
 */
export function onItems(
  call: Call,
  nameOrArn: string | undefined,
  keysOf: (hash: string) => readonly (AttributeValue | undefined)[],
  index?: string,
): Partial<Authorization>[] {
  const tables = dynamoOf(call.aws, call.account, call.region).tables;
  const hash = tables.get(tableName(nameOrArn))?.partitionKeys.get(index ?? TABLE);
  const keys = hash === undefined ? [] : keysOf(hash).flatMap((value) => value?.S ?? value?.N ?? []);
  const context = keys.length > 0 ? { "dynamodb:LeadingKeys": keys } : {};
  return onTable(call, nameOrArn, index).map((one) => ({ ...one, context }));
}

/** The key for the table itself among its indexes. */
const TABLE = "";

/** The partition key attributes of a table and its indexes. */
export function partitionKeysOf({
  KeySchema,
  GlobalSecondaryIndexes = [],
  LocalSecondaryIndexes = [],
}: Pick<CreateTableCommandInput, "KeySchema" | "GlobalSecondaryIndexes" | "LocalSecondaryIndexes">) {
  const schemas = [{ IndexName: TABLE, KeySchema }, ...GlobalSecondaryIndexes, ...LocalSecondaryIndexes];
  return new Map(
    schemas.flatMap(({ IndexName, KeySchema: keys = [] }) => {
      const hash = keys.find(({ KeyType }) => KeyType === "HASH")?.AttributeName;
      return IndexName !== undefined && hash !== undefined ? [[IndexName, hash] as const] : [];
    }),
  );
}
