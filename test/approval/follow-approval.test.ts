import { expect, test } from "vitest";
import { dependsOnAnswers, followApproval, isOverdue } from "../../core/approval/decide-approval.ts";

const approval = {
  expiresAt: "2026-04-19T08:00:00.000Z",
  remindAt: "2026-04-17T08:00:00.000Z",
};
const quiet = { left: undefined, answered: false, over: false };
const at = (text: string) => new Date(`2026-04-${text}Z`);

test.each([
  ["is left alone while it waits for answers", approval, quiet, at("16T08:00"), undefined],
  ["is asked again when it is time", approval, quiet, at("17T08:00"), "remind"],
  ["is asked again once", { ...approval, remindedAt: "2026-04-17T08:00:00Z" }, quiet, at("17T09:00"), undefined],
  ["is not asked again once an approver answered", approval, { ...quiet, answered: true }, at("17T09:00"), undefined],
  ["without a reminder is never asked again", { expiresAt: approval.expiresAt }, quiet, at("18T08:00"), undefined],
  ["is closed when its build goes no further", approval, { ...quiet, over: true }, at("16T08:00"), "withdraw"],
  [
    "is left to those who are at it when an answer has just come",
    approval,
    { ...quiet, left: "2026-04-16T08:00:00Z" },
    at("16T08:10"),
    undefined,
  ],
  [
    "is gone on with when an answer was left standing",
    approval,
    { ...quiet, left: "2026-04-16T08:00:00Z" },
    at("16T08:16"),
    "resolve",
  ],
  [
    "is gone on with when a decision was left standing",
    { ...approval, decided: { verdict: "granted" as const, at: "2026-04-16T08:00:00Z" } },
    quiet,
    at("16T08:16"),
    "resolve",
  ],
  ["is ended when its promotion did not", approval, quiet, at("19T08:16"), "resolve"],
])("an approval %s", (_, open, seen, now, wanted) => {
  expect(followApproval(open, seen, now)).toBe(wanted);
});

test("an approval is overdue only without a decision and after the promotion had time to end by itself", () => {
  expect(isOverdue(approval, at("19T08:10"))).toBe(false);
  expect(isOverdue(approval, at("19T08:16"))).toBe(true);
  expect(isOverdue({ ...approval, decided: { verdict: "denied", at: "x" } }, at("19T08:16"))).toBe(false);
});

test.each([
  ["a reminder is due, whether or not an answer is announced", "remind", false, true],
  ["an answer is announced and nothing else is to do", undefined, true, true],
  ["an answer is announced, but the approval is closed anyway", "withdraw", true, false],
  ["an answer is announced, but the approval is passed on anyway", "resolve", true, false],
  ["no answer is announced", undefined, false, false],
] as const)("whether the answers are read, if %s", (_, wanted, announced, isRead) => {
  expect(dependsOnAnswers(wanted, { announced })).toBe(isRead);
});
