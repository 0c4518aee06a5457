import { expect, test } from "vitest";
import { policyDifference } from "../../core/repair/policy-difference.ts";

const wanted = {
  Version: "2012-10-17" as const,
  Statement: [
    { Sid: "One", Effect: "Allow", Principal: { AWS: "*" }, Action: ["kms:Decrypt"], Resource: "*" },
    { Sid: "Two", Effect: "Allow", Principal: { Service: "x.amazonaws.com" }, Action: ["a", "b"], Resource: "*" },
  ],
};
const [one, two] = wanted.Statement;
const text = (...Statement: unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });

test("order, single values and the principal's short form make no difference", () => {
  const same = text({ ...two, Action: ["b", "a"] }, { ...one, Principal: "*", Action: "kms:Decrypt" });

  expect(policyDifference(same, wanted)).toBeUndefined();
});

test("statements that are missing, changed or added are named", () => {
  const other = text({ ...one, Action: ["kms:*"] }, { Sid: "Three", Effect: "Allow" }, { Effect: "Deny" });

  expect(policyDifference(other, wanted)).toBe(
    "the statement Two is missing, the statement One was changed, the statement Three was added, " +
      "the statement without Sid, number 1 was added",
  );
});

test("a policy that should be there or should not is found", () => {
  expect(policyDifference(undefined, wanted)).toBe("it has no policy");
  expect(policyDifference(text(one), undefined)).toBe("the statement One was added");
  expect(policyDifference(undefined, undefined)).toBeUndefined();
  expect(policyDifference("{", wanted)).toBe("its policy is not valid JSON");
});

test("a policy whose only statement is not in a list is read", () => {
  expect(
    policyDifference(JSON.stringify({ Statement: one }), { ...wanted, Statement: [wanted.Statement[0]!] }),
  ).toBeUndefined();
});
