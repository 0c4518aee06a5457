import type { Service } from "../../engine/operation.ts";
import { batchGetItem, batchWriteItem } from "./batch-items.ts";
import { describeContinuousBackups, updateContinuousBackups } from "./continuous-backups.ts";
import { createTable } from "./create-table.ts";
import { getItem, query, scan } from "./read-items.ts";
import { deleteTable, describeTableOperation, listTables, updateTable } from "./tables.ts";
import { listTagsOfResource, tagResource, untagResource } from "./tags.ts";
import { describeTimeToLive, updateTimeToLive } from "./time-to-live.ts";
import { deleteItem, putItem, updateItem } from "./write-item.ts";

/** Items are dynalite's; time to live, recovery and deletion protection are ours. There are no transactions. */
export const service: Service = {
  name: "dynamodb",
  client: () => import("@aws-sdk/client-dynamodb"),
  operations: {
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    CreateTable: createTable,
    DeleteItem: deleteItem,
    DeleteTable: deleteTable,
    DescribeContinuousBackups: describeContinuousBackups,
    DescribeTable: describeTableOperation,
    DescribeTimeToLive: describeTimeToLive,
    GetItem: getItem,
    ListTables: listTables,
    ListTagsOfResource: listTagsOfResource,
    PutItem: putItem,
    Query: query,
    Scan: scan,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateContinuousBackups: updateContinuousBackups,
    UpdateItem: updateItem,
    UpdateTable: updateTable,
    UpdateTimeToLive: updateTimeToLive,
  },
};
