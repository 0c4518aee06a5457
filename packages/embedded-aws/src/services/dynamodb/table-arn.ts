import type { Authorization, Call } from "../../engine/operation.ts";

/** A table is named by its name or its ARN. */
export const tableName = (nameOrArn: string | undefined): string =>
  nameOrArn?.startsWith("arn:") ? nameOrArn.slice(nameOrArn.indexOf("/") + 1) : (nameOrArn ?? "");

const tableArn = ({ account, region }: Call, nameOrArn: string | undefined): string =>
  nameOrArn?.startsWith("arn:") ? nameOrArn : `arn:aws:dynamodb:${region}:${account}:table/${nameOrArn ?? ""}`;

/** What a request about one table, or one of its indexes, is authorized against. */
export function onTable(call: Call, nameOrArn: string | undefined, index?: string): Partial<Authorization>[] {
  const arn = tableArn(call, nameOrArn);
  return [{ resources: [index === undefined ? arn : `${arn}/index/${index}`], owner: arn.split(":")[4] ?? "" }];
}
