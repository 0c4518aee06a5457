import { expect, test } from "vitest";
import { pollSeconds } from "../../core/rollout/judge-step.ts";
import { freshTarget, type TargetRecord } from "../../core/rollout/records.ts";

const target = (change: Partial<TargetRecord>): TargetRecord => ({
  ...freshTarget,
  account: "500000000001",
  region: "eu-west-1",
  group: "shop",
  wave: "rest",
  step: 0,
  ...change,
});

const refreshing = target({ state: "refreshing", refresh: { id: "one", towards: "new" } });
const intent = { at: "2026-04-01T08:00:00.000Z", towards: "new" } as const;

test.each([
  ["refreshes whose end Auto Scaling reports", [refreshing, target({ state: "pending" })], 300],
  ["a rollback", [target({ state: "returning", refresh: { id: "two", towards: "previous" }, why: "it failed" })], 300],
  ["a start whose answer may be lost", [refreshing, target({ state: "pending", intent })], 60],
  ["a group that AWS did not answer about", [{ ...refreshing, why: "AWS did not answer" }], 60],
  ["a group that goes back and has no refresh yet", [target({ state: "returning" })], 60],
  ["a group that waits for its parameter", [target({ state: "pending" })], 60],
])("the next turn, with %s", (_, targets, seconds) => {
  expect(pollSeconds(targets)).toBe(seconds);
});
