import { expect, test } from "vitest";
import { notifySchema } from "../../core/factory/notify-schema.ts";

const faultOf = (reservedConcurrency: unknown) =>
  notifySchema.safeParse({ slack: { channel: "#golden-images", reservedConcurrency } }).error?.issues[0]?.message;

test("reserved concurrency is a whole number from 1 to 100, and off by default", () => {
  expect([undefined, 1, 100].map(faultOf)).toEqual([undefined, undefined, undefined]);
  expect(faultOf(0)).toContain("1 or more");
  expect(faultOf(101)).toContain("at most 100");
  expect(faultOf(2.5)).toContain("a whole number of executions");
  expect(faultOf("5")).toContain("a whole number of executions");
});
