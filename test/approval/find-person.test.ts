import { expect, test } from "vitest";
import { findPeople, findRequesters, hasKnownRequesters } from "../../core/approval/find-person.ts";

const people = {
  ada: { slack: "U012AB3CD", principals: ["arn:aws:sts::111122223333:assumed-role/Platform/ada@example.com"] },
  grace: { slack: "U045EF6GH", principals: ["arn:aws:sts::111122223333:assumed-role/Security/*"] },
  robot: { principals: ["arn:aws:iam::111122223333:user/robot"] },
};
const session = (role: string, name: string) => ({
  principal: `arn:aws:sts::111122223333:assumed-role/${role}/${name}`,
});

test("one approver has identities in Slack and IAM", () => {
  expect(findPeople(people, { slack: "U012AB3CD" })).toEqual(["ada"]);
  expect(findPeople(people, session("Platform", "ada@example.com"))).toEqual(["ada"]);
  expect(findPeople(people, session("Security", "any-session"))).toEqual(["grace"]);
});

test("a person with a similar name is not matched", () => {
  expect(findPeople(people, { slack: "U012AB3CDE" })).toEqual([]);
  expect(findPeople(people, session("Platform", "adaXexample.com"))).toEqual([]);
  expect(findPeople(people, session("NotSecurity", "grace"))).toEqual([]);
  expect(findPeople(people, { principal: "arn:aws:iam::999988887777:user/robot" })).toEqual([]);
  expect(findPeople(people, { principal: "" })).toEqual([]);
});

test("overlapping patterns make a principal ambiguous, and match no single person", () => {
  const both = { ...people, linus: { principals: ["arn:aws:sts::111122223333:assumed-role/*"] } };

  expect(findPeople(both, session("Security", "any-session"))).toEqual(["grace", "linus"]);
});

const by = (role: string, name: string) => ({
  kind: "manual" as const,
  requestedBy: "whatever",
  ...session(role, name),
});
const schedule = { kind: "schedule" as const, scheduledTime: "2026-04-15T01:00:00Z" };

test("the requester is the IAM identity, whatever the request claims", () => {
  expect(findRequesters(people, [by("Platform", "ada@example.com")])).toEqual(["ada"]);
  for (const requestedBy of ["ada", "U012AB3CD", session("Platform", "ada@example.com").principal, "ada@example.com"]) {
    expect(findRequesters(people, [{ kind: "manual", requestedBy }])).toEqual([]);
  }
});

test("a build without a requesting user has no requesters", () => {
  expect(findRequesters(people, [schedule])).toEqual([]);
  expect(findRequesters(people, [by("CI", "pipeline-12")])).toEqual([]);
});

test("all requesters of a build are known only if each of its reasons has exactly one", () => {
  const ada = by("Platform", "ada@example.com");
  const both = { ...people, linus: { principals: ["arn:aws:sts::111122223333:assumed-role/*"] } };

  expect(hasKnownRequesters(people, [ada, by("Security", "grace")])).toBe(true);
  expect(hasKnownRequesters(people, [])).toBe(false);
  expect(hasKnownRequesters(people, [ada, schedule])).toBe(false);
  expect(hasKnownRequesters(people, [ada, by("CI", "pipeline-12")])).toBe(false);
  expect(hasKnownRequesters(people, [ada, { kind: "manual", requestedBy: "grace" }])).toBe(false);
  expect(hasKnownRequesters(both, [ada])).toBe(false);
});
