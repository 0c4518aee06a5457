import { expect, test } from "vitest";
import { findPeople, findRequesters } from "../../core/approval/find-person.ts";

const people = {
  ada: { slack: "U012AB3CD", principals: ["arn:aws:sts::111122223333:assumed-role/Platform/ada@example.com"] },
  grace: { slack: "U045EF6GH", principals: ["arn:aws:sts::111122223333:assumed-role/Security/*"] },
  robot: { principals: ["arn:aws:iam::111122223333:user/robot"] },
};
const session = (role: string, name: string) => ({
  principal: `arn:aws:sts::111122223333:assumed-role/${role}/${name}`,
});

test("Slack and IAM know one person by two names", () => {
  expect(findPeople(people, { slack: "U012AB3CD" })).toEqual(["ada"]);
  expect(findPeople(people, session("Platform", "ada@example.com"))).toEqual(["ada"]);
  expect(findPeople(people, session("Security", "whoever"))).toEqual(["grace"]);
});

test("nobody is taken for somebody else whose name is alike", () => {
  expect(findPeople(people, { slack: "U012AB3CDE" })).toEqual([]);
  expect(findPeople(people, session("Platform", "adaXexample.com"))).toEqual([]);
  expect(findPeople(people, session("NotSecurity", "grace"))).toEqual([]);
  expect(findPeople(people, { principal: "arn:aws:iam::999988887777:user/robot" })).toEqual([]);
  expect(findPeople(people, { principal: "" })).toEqual([]);
});

test("patterns that overlap make somebody ambiguous rather than somebody else", () => {
  const both = { ...people, linus: { principals: ["arn:aws:sts::111122223333:assumed-role/*"] } };

  expect(findPeople(both, session("Security", "whoever"))).toEqual(["grace", "linus"]);
});

test.each([
  ["a name of the config", "Ada"],
  ["a Slack user", "U012AB3CD"],
  ["a principal", "arn:aws:sts::111122223333:assumed-role/Platform/ada@example.com"],
  ["a session's name", "ada@example.com"],
])("whoever asked for a build is found by %s", (_, requestedBy) => {
  expect(findRequesters(people, [{ kind: "manual", requestedBy }])).toEqual(["ada"]);
});

test("a build that nobody asked for has no requesters", () => {
  expect(findRequesters(people, [{ kind: "schedule", scheduledTime: "2026-04-15T01:00:00Z" }])).toEqual([]);
  expect(findRequesters(people, [{ kind: "manual", requestedBy: "somebody else" }])).toEqual([]);
});
