import type { AttributeValue, ScanCommandOutput } from "@aws-sdk/client-dynamodb";
import { findTable } from "./find-table.ts";
import { inTurn, type Place, runDynalite } from "./run-dynalite.ts";
import { dynamoOf } from "./state.ts";

const DAY = 86_400_000;
/** Items older than five years are left alone: AWS takes such a date for a mistake. */
const FIVE_YEARS_SECONDS = 5 * 365 * 86_400;

/**
 * Removes a table's expired items, at most once a day of factory time: AWS promises no more than "within a few days",
 * so readers must look at the date themselves.
 */
export async function expireItems(place: Place, name: string): Promise<void> {
  const { aws, account, region } = place;
  const extras = dynamoOf(aws, account, region).tables.get(name);
  if (extras?.timeToLive === undefined || aws.clock.now() - extras.swept < DAY) return;
  extras.swept = aws.clock.now();
  const now = Math.floor(aws.clock.now() / 1000);
  const expired = {
    ExpressionAttributeNames: { "#end": extras.timeToLive },
    ExpressionAttributeValues: { ":now": { N: String(now) }, ":past": { N: String(now - FIVE_YEARS_SECONDS) } },
  };
  const condition = "#end < :now AND #end > :past";
  const { KeySchema = [] } = await findTable(place, name);
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page: ScanCommandOutput = await runDynalite(place, "Scan", {
      TableName: name,
      FilterExpression: condition,
      ExclusiveStartKey: from,
      ...expired,
    });
    for (const item of page.Items ?? []) {
      const Key = Object.fromEntries(KeySchema.map(({ AttributeName = "" }) => [AttributeName, item[AttributeName]]));
      const remove = { TableName: name, Key, ConditionExpression: condition, ...expired };
      await inTurn(place, () => runDynalite(place, "DeleteItem", remove));
    }
    from = page.LastEvaluatedKey;
  } while (from);
}
