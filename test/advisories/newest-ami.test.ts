import { expect, test } from "vitest";
import { decideNewest, type FoundAmi, patternOf } from "../../core/advisories/newest-ami.ts";
import { parseAmiId } from "../../events/ids.ts";

const DEBIAN = "136693071363";
const ACCOUNT = "111122223333";
const wanted = { owner: DEBIAN, name: "debian-12-amd64-*", architecture: "x86_64" };
const about = { account: ACCOUNT, now: new Date("2026-04-20T00:00:00Z") };

const idOf = (day: number) => parseAmiId(`ami-${String(day).padStart(17, "0")}`);

const ami = (day: number, changes: Partial<FoundAmi> = {}): FoundAmi => ({
  id: idOf(day),
  name: `debian-12-amd64-202604${String(day).padStart(2, "0")}`,
  ownerId: DEBIAN,
  ownerAlias: "amazon",
  architecture: "x86_64",
  state: "available",
  createdAt: new Date(Date.UTC(2026, 3, day)),
  deprecatedAt: undefined,
  ...changes,
});

const resolvedTo = (day: number, pattern = patternOf(wanted)) => ({
  pattern,
  ami: idOf(day),
  createdAt: new Date(Date.UTC(2026, 3, day)).toISOString(),
});

const newestOf = (found: readonly FoundAmi[], changes: object = {}) => {
  const decision = decideNewest({ ...wanted, ...changes }, found, undefined, about);
  return decision.kind === "found" ? decision.ami.id : decision.code;
};

test("the owner's newest AMI is chosen, whatever the order of EC2's answer", () => {
  expect(newestOf([ami(3), ami(7), ami(5)])).toBe(idOf(7));
});

test.each([
  ["of another owner with the same name", { ownerId: "999900001111", ownerAlias: undefined }],
  ["of another owner that calls itself amazon", { ownerId: "999900001111" }],
  ["of another architecture", { architecture: "arm64" }],
  ["that is not available", { state: "disabled" }],
  ["that is deprecated", { deprecatedAt: new Date("2026-04-19T00:00:00Z") }],
])("a newer AMI %s is not taken", (_, changes) => {
  expect(newestOf([ami(3), ami(9, changes)])).toBe(idOf(3));
  expect(newestOf([ami(9, changes)])).toBe("none");
});

test("an AMI with a future deprecation date is chosen", () => {
  expect(newestOf([ami(9, { deprecatedAt: new Date("2028-04-01T00:00:00Z") })])).toBe(idOf(9));
});

test("amazon matches EC2's owner alias, and self the factory's account", () => {
  const foreign = ami(9, { ownerId: "999900001111", ownerAlias: undefined });
  const own = ami(5, { ownerId: ACCOUNT, ownerAlias: undefined });

  expect(newestOf([ami(3), foreign, own], { owner: "amazon" })).toBe(idOf(3));
  expect(newestOf([ami(3), foreign, own], { owner: "self" })).toBe(idOf(5));
});

test("no older AMI replaces a deprecated or removed one, and the error names the newest that is left", () => {
  const decision = decideNewest(wanted, [ami(3), ami(5)], resolvedTo(7), about);

  expect(decision).toEqual({
    kind: "unresolved",
    code: "withdrawn",
    reason: `${idOf(7)} of 2026-04-07T00:00:00.000Z is no longer available, or is deprecated; the newest remaining AMI, ${idOf(5)} (debian-12-amd64-20260405), is older`,
  });
  expect(decideNewest(wanted, [ami(3), ami(8)], resolvedTo(7), about)).toMatchObject({ ami: { id: idOf(8) } });
});

test("another pattern may select an older AMI", () => {
  const former = patternOf({ ...wanted, name: "debian-13-amd64-*" });

  expect(decideNewest(wanted, [ami(3)], resolvedTo(7, former), about)).toMatchObject({ ami: { id: idOf(3) } });
});

test("between two AMIs of the same time the choice is stable", () => {
  const twins = [ami(7, { id: idOf(1) }), ami(7, { id: idOf(2) })];

  expect(newestOf(twins)).toBe(newestOf(twins.toReversed()));
});
