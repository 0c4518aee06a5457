import * as ec2 from "@aws-sdk/client-ec2";
import * as organizations from "@aws-sdk/client-organizations";
import { publishedLimit } from "embedded-aws";
import { expect, test } from "vitest";
import { publishedRate } from "../../adapters/pace/published-rates.ts";

const operationsOf = (client: object): string[] =>
  Object.keys(client).flatMap((name) => (/^[A-Z]\w+Command$/.test(name) ? [name.replace(/Command$/, "")] : []));

const inputs: readonly Record<string, unknown>[] = [
  {},
  { MaxResults: 100 },
  { NextToken: "next" },
  { Filters: [{ Name: "image-id", Values: ["ami-00000000000000000"] }] },
];

/** Two statements of the same pages, made apart. */
test.each([
  ["EC2", "ec2", ec2, 600],
  ["Organizations", "organizations", organizations, 50],
] as const)("we keep to what the embedded AWS enforces, for each action of %s", (service, name, client, atLeast) => {
  const operations = operationsOf(client);
  const cases = operations.flatMap((operation) => inputs.map((input) => ({ operation, input })));

  const ours = cases.map(({ operation, input }) => {
    const { burst, perSecond } = publishedRate(service, operation, input) ?? {};
    return { operation, input, burst, perSecond };
  });

  const theirs = cases.map(({ operation, input }) => {
    const { burst, perSecond } = publishedLimit(name, operation, input)?.account ?? {};
    return { operation, input, burst, perSecond };
  });
  expect(operations.length).toBeGreaterThan(atLeast);
  expect(ours).toEqual(theirs);
});

test("operations without a published rate have no limit", () => {
  expect(publishedRate("DynamoDB", "GetItem", {})).toBeUndefined();
  expect(publishedRate("Organizations", "constructor", {})).toBeUndefined();
});
